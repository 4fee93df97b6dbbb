"""Doors for people: request -> session -> question or command -> page; and one for operators."""

from fastapi import APIRouter

from portal.api import (
    carts,
    filing,
    free_text,
    information,
    operating,
    ordering,
    planning,
    searching,
    selling,
    sessions,
    signing,
    starting,
)

router = APIRouter()
router.include_router(sessions.router)

pages = tuple(
    room.router
    for room in (
        starting,
        signing,
        information,
        searching,
        carts,
        free_text,
        ordering,
        selling,
        filing,
        planning,
        operating,
    )
)
