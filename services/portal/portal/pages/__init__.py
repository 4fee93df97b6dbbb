"""Doors for people: request -> session -> question or command -> page; and one for operators."""

from fastapi import APIRouter

from portal.pages import (
    agreements,
    approving,
    awarding,
    carts,
    checkout,
    filing,
    free_text,
    granting,
    information,
    kept,
    notices,
    operating,
    ordering,
    planning,
    proposing,
    returning,
    searching,
    selling,
    sessions,
    signing,
    starting,
    tendering,
)

router = APIRouter()
router.include_router(sessions.router)

routers = tuple(
    room.router
    for room in (
        starting,
        signing,
        information,
        kept,
        notices,
        searching,
        carts,
        checkout,
        free_text,
        ordering,
        returning,
        approving,
        awarding,
        selling,
        filing,
        planning,
        proposing,
        tendering,
        agreements,
        granting,
        operating,
    )
)
