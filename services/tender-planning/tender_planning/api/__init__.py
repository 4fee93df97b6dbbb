"""HTTP doors: question or command -> answer. Open to the cooperative only, never to one member."""

from fastapi import APIRouter

from tender_planning.api import corrections, demand, pictures, proposals, tenders

ROUTERS: tuple[APIRouter, ...] = (
    demand.router,
    pictures.router,
    proposals.router,
    tenders.router,
    corrections.router,
)
"""Every door of the service."""
