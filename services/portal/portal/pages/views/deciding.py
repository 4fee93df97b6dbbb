"""What approvers and award offices decide on: their work lists, one order with all facts."""

import asyncio
from typing import Any
from uuid import UUID

from portal.clients.services import Caller, Refused, Services
from portal.domain import keys
from portal.domain.sums import sums_of_order
from portal.pages.views.orders import by_supplier
from portal.pages.views.visits import Visit
from portal.words.routes import Route, route_of

PAGE = 50
AT_THE_OFFICE = ("awaiting_offers", "handed_over")


async def approvals(services: Services, caller: Caller, after: UUID | None) -> dict[str, Any]:
    """A page of what waits for an approver, oldest first, and how much waits in all."""
    shown = await _page(services, caller, "/approvals", {}, after)
    return {**shown, "count": shown["waiting"]["submitted"]}


async def awards(services: Services, caller: Caller, after: UUID | None) -> dict[str, Any]:
    """A page of what waits for the award office, newest first, and how much of each."""
    return await _page(services, caller, "/orders", {"status": AT_THE_OFFICE}, after)


async def _page(
    services: Services, caller: Caller, path: str, question: dict[str, Any], after: UUID | None
) -> dict[str, Any]:
    place = {"after": str(after)} if after is not None else {}
    found, waiting = await asyncio.gather(
        services.ask(caller, "orders", path, {"limit": PAGE, **question, **place}),
        services.ask(caller, "orders", "/waiting"),
    )
    last = found[-1]["order_id"] if len(found) == PAGE else None
    return {"orders": found, "waiting": waiting, "next_after": last}


async def case(services: Services, visit: Visit, order_id: UUID) -> dict[str, Any]:
    """An order with all facts to decide on; `own`: the person looking is its requester."""
    order, beside = await asyncio.gather(
        services.ask(visit.caller, "orders", f"/orders/{order_id}"),
        services.ask(visit.caller, "orders", f"/orders/{order_id}/circumstances"),
    )
    return {
        "order": order,
        "beside": beside,
        "route": route_of(order["decision"], order["order_id"]) if order["decision"] else None,
        "own": beside["requester_id"] == str(visit.person_id),
        "by_supplier": by_supplier(order["lines"]),
        "sums": sums_of_order(order["lines"]),
    }


def key_of(visit: Visit, order: dict[str, Any]) -> str:
    """The key of what is decided here: it lasts while this content waits in this status."""
    names = ("order_id", "status", "content_sha256", "offers")
    return keys.key_of(visit.session.sub, *(order.get(name) for name in names))


async def checked(
    services: Services, caller: Caller, body: dict[str, Any]
) -> tuple[Route | None, str]:
    """What would become of a cart, or why that cannot be said; nothing is kept or held.

    body: as an order. Raises Unavailable.
    """
    try:
        found = await services.check(caller, "orders", "/route-checks", body)
    except Refused as refused:
        return None, refused.sentence
    return route_of(found), ""
