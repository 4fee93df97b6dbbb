"""Orders as their member sees them, with the timeline out of the file."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.domain import keys
from portal.domain.sums import sums_of_order
from portal.pages.views.visits import Visit
from portal.words import timeline
from portal.words.routes import route_of
from portal.words.timeline import Names

PAGE = 50
_RECORDS = 500
"""As many records as documentation hands out at once."""
_CANCELLED_WHOLE = frozenset({"draft", "submitted", "awaiting_offers", "handed_over"})
_CANCELLABLE = frozenset({"placed", "acknowledged"})


async def page_of_orders(services: Services, caller: Caller, after: UUID | None) -> dict[str, Any]:
    """A page of the member's orders, newest first."""
    question: dict[str, Any] = {"limit": PAGE}
    if after is not None:
        question["after"] = str(after)
    found = await services.ask(caller, "orders", "/orders", question)
    last = found[-1]["order_id"] if len(found) == PAGE else None
    return {"orders": found, "next_after": last, "first_page": after is None}


async def one(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any]:
    """An order with its shares, lines, and everything that happened; without the file when it
    cannot be asked now.
    """
    order, beside, file = await asyncio.gather(
        services.ask(caller, "orders", f"/orders/{order_id}"),
        services.ask(caller, "orders", f"/orders/{order_id}/circumstances"),
        file_of(services, caller, order_id),
    )
    shares = order["supplier_orders"]
    for share in shares:
        share["lines"] = [
            line
            for line in order["lines"]
            if line["supplier_order_id"] == share["supplier_order_id"]
        ]
    cancellable = order["status"] in _CANCELLED_WHOLE or (
        order["status"] == "placed" and any(share["status"] in _CANCELLABLE for share in shares)
    )
    entries = timeline.entries(file["records"], names_of(order)) if file else []
    return {
        "order": order,
        "beside": beside,
        "route": route_of(order["decision"], order["order_id"]) if order["decision"] else None,
        "by_supplier": by_supplier(order["lines"]),
        "sums": sums_of_order(order["lines"]),
        "next_draft": await _next_draft(services, caller, beside),
        "cancellable": cancellable,
        "timeline": timeline.for_readers(entries),
        "file_reachable": file is not None,
    }


async def _next_draft(services: Services, caller: Caller, beside: dict[str, Any]) -> str | None:
    """The draft an order sent back goes on as, while it is one."""
    drafts = [one["draft_order_id"] for one in beside["verdicts"] if one["draft_order_id"]]
    if not drafts:
        return None
    draft = await services.ask(caller, "orders", f"/orders/{drafts[-1]}")
    return drafts[-1] if draft["status"] == "draft" else None


def by_supplier(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Lines by their supplier's name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault(line["supplier_name"] or "Lieferant", []).append(line)
    return found


def key_of(visit: Visit, order: dict[str, Any]) -> str:
    """The key of what can be done with an order: it lasts while it and its shares stand so."""
    shares = [share["status"] for share in order["supplier_orders"]]
    return keys.key_of(visit.session.sub, order["order_id"], order["status"], shares)


async def whole_file(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any]:
    """An order's file with every record, asked page by page; never cut in silence."""
    path = f"/orders/{order_id}/file"
    file: dict[str, Any] = await services.ask(caller, "documentation", path, {"limit": _RECORDS})
    part = file["records"]
    while len(part) == _RECORDS:
        question = {"limit": _RECORDS, "after": part[-1]["seq"]}
        try:
            part = (await services.ask(caller, "documentation", path, question))["records"]
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            # The page before ended the file.
            return file
        file["records"] += part
    return file


async def file_of(services: Services, caller: Caller, order_id: UUID) -> dict[str, Any] | None:
    """The order's file; None while nothing is filed yet or it cannot be asked."""
    try:
        found = await whole_file(services, caller, order_id)
    except (Refused, Unavailable):
        return None
    return found


def names_of(order: dict[str, Any]) -> Names:
    """Names of the suppliers and articles of an order."""
    return Names(
        {s["supplier_id"]: s["supplier_name"] or "Lieferant" for s in order["supplier_orders"]},
        {line["line_no"]: line["name"] for line in order["lines"]},
    )
