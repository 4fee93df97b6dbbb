"""Orders as their member sees them, with the timeline out of the file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx

from marktbund.contracts.http.documentation import FiledRecord
from marktbund.contracts.http.orders import (
    CircumstancesAnswer,
    OrderAnswer,
    OrderedLineAnswer,
    OrderShareAnswer,
    OrderSummaryAnswer,
)
from portal.clients import documentation, orders
from portal.clients.services import Caller, Refused, Services, Unavailable
from portal.domain import keys
from portal.domain.sums import Sums, sums_of_order
from portal.pages.views.visits import Visit
from portal.words import timeline
from portal.words.routes import Route, route_of
from portal.words.timeline import Entry, Names

PAGE = 50
_RECORDS = 500
"""As many records as documentation hands out at once."""


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A page of the member's orders, newest first; next_after: None on the last."""

    orders: list[OrderSummaryAnswer]
    next_after: UUID | None
    first_page: bool


@dataclass(frozen=True, slots=True)
class SupplierLines:
    """A supplier's lines; share: what became of its order, None before it was placed."""

    name: str
    lines: tuple[OrderedLineAnswer, ...]
    share: OrderShareAnswer | None = None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order with its shares, lines, and everything that happened. next_draft: what it goes on
    as, while that is a draft. file_reachable: whether the file could be asked.
    """

    order: OrderAnswer
    beside: CircumstancesAnswer
    route: Route | None
    shares: tuple[SupplierLines, ...]
    by_supplier: tuple[SupplierLines, ...]
    sums: Sums | None
    next_draft: UUID | None
    timeline: list[Entry]
    file_reachable: bool


async def page_of_orders(services: Services, caller: Caller, after: UUID | None) -> OrdersPage:
    """A page of the member's orders."""
    shown = await orders.orders(services, caller, PAGE, after)
    last = shown[-1].order_id if len(shown) == PAGE else None
    return OrdersPage(shown, last, after is None)


async def order_page(services: Services, caller: Caller, order_id: UUID) -> OrderPage:
    """An order; without the file when that cannot be asked now."""
    order, beside, records = await asyncio.gather(
        orders.order(services, caller, order_id),
        orders.circumstances(services, caller, order_id),
        _records_of(services, caller, order_id),
    )
    entries = timeline.entries(records or (), names_of(order))
    return OrderPage(
        order=order,
        beside=beside,
        route=route_of(order.decision, order.order_id) if order.decision else None,
        shares=tuple(_share(share, order.lines) for share in order.supplier_orders),
        by_supplier=by_supplier(order.lines),
        sums=sums_of_order(order.lines),
        next_draft=await _next_draft(services, caller, beside),
        timeline=timeline.for_readers(entries),
        file_reachable=records is not None,
    )


def _share(share: OrderShareAnswer, lines: Sequence[OrderedLineAnswer]) -> SupplierLines:
    own = tuple(line for line in lines if line.supplier_order_id == share.supplier_order_id)
    return SupplierLines(share.supplier_name or "Lieferant", own, share)


async def _next_draft(
    services: Services, caller: Caller, beside: CircumstancesAnswer
) -> UUID | None:
    """The draft an order sent back goes on as, while it is one."""
    drafts = [verdict.draft_order_id for verdict in beside.verdicts if verdict.draft_order_id]
    if not drafts:
        return None
    draft = await orders.order(services, caller, drafts[-1])
    return drafts[-1] if draft.status == "draft" else None


def by_supplier(lines: Sequence[OrderedLineAnswer]) -> tuple[SupplierLines, ...]:
    """Lines by their supplier's name, in the order they first come."""
    names = dict.fromkeys(line.supplier_name or "Lieferant" for line in lines)
    return tuple(
        SupplierLines(
            name, tuple(line for line in lines if (line.supplier_name or "Lieferant") == name)
        )
        for name in names
    )


def key_of(visit: Visit, order: OrderAnswer) -> str:
    """The key of what can be done with an order: it lasts while it and its shares stand so."""
    shares = [share.status for share in order.supplier_orders]
    return keys.key_of(visit.session.sub, str(order.order_id), order.status, shares)


async def whole_file(services: Services, caller: Caller, order_id: UUID) -> list[FiledRecord]:
    """Every record of an order's file, asked page by page; never cut in silence."""
    part = (await documentation.order_file(services, caller, order_id, _RECORDS)).records
    records = list(part)
    while len(part) == _RECORDS:
        after = part[-1].seq
        try:
            file = await documentation.order_file(services, caller, order_id, _RECORDS, after)
        except Refused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            # The page before ended the file.
            return records
        part = file.records
        records += part
    return records


async def _records_of(
    services: Services, caller: Caller, order_id: UUID
) -> list[FiledRecord] | None:
    """The order's file; None while nothing is filed yet or it cannot be asked."""
    try:
        return await whole_file(services, caller, order_id)
    except (Refused, Unavailable):
        return None


def names_of(order: OrderAnswer) -> Names:
    """Names of the suppliers and articles of an order."""
    return Names(
        {share.supplier_id: share.supplier_name or "Lieferant" for share in order.supplier_orders},
        {line.line_no: line.name for line in order.lines},
    )
