"""What a cart's purchase would have to go through, and which order it goes on from."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from marktbund.contracts.http.orders import VerdictAnswer
from portal.clients import orders
from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.pages.views.cart import order_of
from portal.pages.views.deciding import checked
from portal.store.carts import CartLine
from portal.words.routes import Route

REASONS = ("reason_beside_agreement", "reason_without_offers")
"""Reasons a requester may have to give, as orders calls them."""


@dataclass(frozen=True, slots=True)
class Hints:
    """route: None where it cannot be said now, `hint` says why. returned: the approver's word on
    the order sent back that the cart goes on from; draft_id: None once that draft is gone.
    """

    route: Route | None = None
    hint: str = ""
    draft_id: UUID | None = None
    returned: VerdictAnswer | None = None


async def of_cart(
    services: Services, caller: Caller, lines: Sequence[CartLine], draft_id: UUID | None
) -> Hints:
    """What stands beside a cart with these lines; draft_id: the draft it goes on from."""
    if not lines:
        return Hints()
    hints, draft = await asyncio.gather(
        _route(services, caller, lines), _draft(services, caller, draft_id)
    )
    return replace(hints, draft_id=draft.draft_id, returned=draft.returned)


async def _route(services: Services, caller: Caller, lines: Sequence[CartLine]) -> Hints:
    try:
        route, hint = await checked(services, caller, order_of(lines, "", ""))
    except Unavailable:
        return Hints(hint="Die Prüfung ist gerade nicht möglich.")
    return Hints(route, hint)


async def _draft(services: Services, caller: Caller, draft_id: UUID | None) -> Hints:
    if draft_id is None:
        return Hints()
    try:
        beside = await orders.circumstances(services, caller, draft_id)
    except (Refused, Unavailable):
        return Hints()
    return Hints(draft_id=draft_id, returned=beside.returned) if beside.wanted else Hints()


def door_of(draft_id: str) -> str:
    """Where an order is sent off to: as the draft it goes on from, or as a new one."""
    try:
        return f"/orders/{UUID(draft_id)}/submission"
    except ValueError:
        return "/orders"
