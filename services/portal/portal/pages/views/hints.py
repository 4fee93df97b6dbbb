"""What a cart's purchase would have to go through, and which order it goes on from."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.pages.views.cart import order_of
from portal.pages.views.deciding import checked
from portal.store.carts import CartLine
from portal.words.routes import Route

REASONS = ("reason_beside_agreement", "reason_without_offers")
"""Reasons a requester may have to give, as orders calls them."""


async def of_cart(
    services: Services, caller: Caller, lines: Sequence[CartLine], draft_id: UUID | None
) -> dict[str, Any]:
    """route: None where it cannot be said now, `hint` says why. returned: the approver's word on
    the order sent back that the cart goes on from; draft_id: None once that draft is gone.
    """
    if not lines:
        return {"route": None, "hint": "", "draft_id": None, "returned": None}
    (route, hint), beside = await asyncio.gather(
        _route(services, caller, lines), _draft(services, caller, draft_id)
    )
    known = {"draft_id": draft_id, "returned": beside["returned"]} if beside["wanted"] else {}
    return {"route": route, "hint": hint, "draft_id": None, "returned": None, **known}


async def _route(
    services: Services, caller: Caller, lines: Sequence[CartLine]
) -> tuple[Route | None, str]:
    try:
        return await checked(services, caller, order_of(lines, "", ""))
    except Unavailable:
        return None, "Die Prüfung ist gerade nicht möglich."


async def _draft(services: Services, caller: Caller, draft_id: UUID | None) -> dict[str, Any]:
    gone: dict[str, Any] = {"wanted": (), "returned": None}
    if draft_id is None:
        return gone
    try:
        found: dict[str, Any] = await services.ask(
            caller, "orders", f"/orders/{draft_id}/circumstances"
        )
    except (Refused, Unavailable):
        return gone
    return found


def door_of(draft_id: str) -> str:
    """Where an order is sent off to: as the draft it goes on from, or as a new one."""
    try:
        return f"/orders/{UUID(draft_id)}/submission"
    except ValueError:
        return "/orders"
