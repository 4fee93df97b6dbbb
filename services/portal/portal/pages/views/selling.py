"""Orders as their supplier sees them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.domain.sums import sums_of_order
from portal.pages.views.visits import Visit
from portal.store import replicas

PAGE = 50


async def incoming(
    services: Services, caller: Caller, after: UUID | None, *, open_: bool
) -> dict[str, Any]:
    """A page of the supplier's orders, oldest first; with `open_` those that wait for a word."""
    question: dict[str, Any] = {"limit": PAGE, "open": str(open_).lower()}
    if after is not None:
        question["after"] = str(after)
    found = await services.ask(caller, "supplier_gateway", "/supplier-orders", question)
    last = found[-1]["supplier_order_id"] if len(found) == PAGE else None
    return {"orders": found, "next_after": last}


async def one(services: Services, caller: Caller, supplier_order_id: UUID) -> dict[str, Any]:
    """One order of the supplier, and what it can still do with it."""
    path = f"/supplier-orders/{supplier_order_id}"
    order = await services.ask(caller, "supplier_gateway", path)
    placed = order["status"] == "placed"
    open_lines = [line for line in order["lines"] if placed and line["state"] == "open"]
    sendable = [
        {**line, "left": left}
        for line in order["lines"]
        if placed and (left := _left(line)) is not None and left > 0
    ]
    return {
        "order": order,
        "open_lines": open_lines,
        "sendable": sendable,
        "sums": sums_of_order(order["lines"]),
    }


def key_of(visit: Visit, order: dict[str, Any]) -> str:
    """The key of the supplier's forms: it lasts until a line is answered or more was sent off."""
    lines = [(line["state"], line["despatched_quantity"]) for line in order["lines"]]
    return keys.key_of(visit.session.sub, order["supplier_order_id"], order["status"], lines)


async def member_name(connection: AsyncConnection, member_id: str) -> str:
    """The member that ordered, by name; empty until members has told it."""
    return (await replicas.member_names(connection)).get(UUID(member_id), "")


def _left(line: dict[str, Any]) -> Decimal | None:
    """How much of an accepted line was not sent yet; None while it is open or refused."""
    if line["state"] not in {"accepted", "changed"}:
        return None
    agreed = line["agreed_quantity"] or line["quantity"]
    return Decimal(agreed) - Decimal(line["despatched_quantity"])
