"""Questions a supplier asks: what waits for me, what did I promise. Amounts are net EUR."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.errors import Invalid, NotFound
from supplier_gateway.domain.lines import Decision, LineState
from supplier_gateway.domain.orders import Document

DeliveryPage = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, Field(max_length=64)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class LineView(_Answer):
    """A line as ordered, and its state; prices net EUR per order unit, vat_rate in percent."""

    line_no: int
    article_id: UUID
    article_number: str
    name: str
    cpv: str
    quantity: Decimal
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    net_amount: Decimal
    requested_delivery_date: date | None
    state: LineState
    agreed_quantity: Decimal | None
    agreed_unit_price_net: Decimal | None
    promised_date: date | None
    despatched_quantity: Decimal


class SupplierOrderView(_Answer):
    """A supplier order with all its lines; `placed_at` is business time."""

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    placed_at: datetime
    net_total: Decimal
    currency: Literal["EUR"] = "EUR"
    status: Literal["placed", "cancelled"]
    cancel_reason: str | None
    open_lines: int
    lines: tuple[LineView, ...]


class DeliveryView(SupplierOrderView):
    """A document not yet acknowledged; `business_date` is the day it was queued, in Berlin."""

    delivery_id: UUID
    document: Document
    queued_at: datetime
    business_date: date


class AcknowledgedView(_Answer):
    """A document the supplier has confirmed to have."""

    delivery_id: UUID
    document: Document
    acknowledged_at: datetime


class ResponseLineView(_Answer):
    """What was promised of a line; unit_price_net in net EUR per order unit."""

    line_no: int
    decision: Decision
    quantity: Decimal
    unit_price_net: Decimal
    promised_date: date | None


class ResponseView(_Answer):
    """An answer as taken."""

    response_id: UUID
    supplier_order_id: UUID
    lines: tuple[ResponseLineView, ...]


class DespatchLineView(_Answer):
    """How much of a line was sent."""

    line_no: int
    quantity: Decimal


class DespatchView(_Answer):
    """Goods sent off."""

    despatch_id: UUID
    supplier_order_id: UUID
    despatched_on: date
    lines: tuple[DespatchLineView, ...]


_LINES = """
    l.line_no, l.article_id, l.article_number, l.name, l.cpv, l.quantity, l.order_unit,
    l.unit_price_net, l.vat_rate, l.net_amount, l.requested_delivery_date, l.state,
    l.agreed_quantity, l.agreed_unit_price_net, l.promised_date, l.despatched_quantity
"""
_WAITING = text(f"""
    SELECT d.delivery_id, d.document, d.queued_at, o.*, {_LINES}
      FROM (SELECT * FROM delivery
             WHERE supplier_id = :supplier_id AND acknowledged_at IS NULL AND seq > :after
             ORDER BY seq LIMIT :limit) AS d
      JOIN supplier_order AS o USING (supplier_order_id)
      JOIN supplier_order_line AS l USING (supplier_order_id)
     ORDER BY d.seq, l.line_no
""")
_DELIVERY_SEQ = text(
    "SELECT seq FROM delivery WHERE delivery_id = :id AND supplier_id = :supplier_id"
)
_ORDER_SEQ = text(
    "SELECT seq FROM supplier_order WHERE supplier_order_id = :id AND supplier_id = :supplier_id"
)


def _orders(condition: str) -> TextClause:
    return text(f"""
        SELECT o.*, {_LINES}
          FROM (SELECT * FROM supplier_order
                 WHERE supplier_id = :supplier_id AND {condition}
                 ORDER BY seq LIMIT :limit) AS o
          JOIN supplier_order_line AS l USING (supplier_order_id)
         ORDER BY o.seq, l.line_no
    """)


_ALL = _orders("seq > :after")
_OPEN = _orders("seq > :after AND status = 'placed' AND open_lines > 0")
_ONE = _orders("supplier_order_id = :supplier_order_id")


async def deliveries(
    connection: AsyncConnection, supplier_id: UUID, after: str | None, limit: int
) -> list[DeliveryView]:
    """Documents of a supplier not yet acknowledged, oldest first.

    `after`: delivery_id of the last one of the page before, acknowledged meanwhile or not.
    Without it the walk starts at the oldest, so nothing unacknowledged is ever passed over.
    Raises Invalid (`cursor_unknown`).
    """
    start = await _position(connection, _DELIVERY_SEQ, supplier_id, after)
    rows = await connection.execute(
        _WAITING, {"supplier_id": supplier_id, "after": start, "limit": limit}
    )
    return [
        DeliveryView(
            **_order(group),
            delivery_id=group[0].delivery_id,
            document=group[0].document,
            queued_at=group[0].queued_at,
            business_date=clock.business_date(group[0].queued_at),
        )
        for group in _grouped(rows.all(), "delivery_id")
    ]


async def supplier_orders(
    connection: AsyncConnection, supplier_id: UUID, after: str | None, limit: int, *, open_: bool
) -> list[SupplierOrderView]:
    """Orders of a supplier, oldest first; with `open_` those that wait for an answer.

    `after`: supplier_order_id of the last one of the page before. Raises Invalid
    (`cursor_unknown`).
    """
    start = await _position(connection, _ORDER_SEQ, supplier_id, after)
    rows = await connection.execute(
        _OPEN if open_ else _ALL, {"supplier_id": supplier_id, "after": start, "limit": limit}
    )
    return [SupplierOrderView(**_order(g)) for g in _grouped(rows.all(), "supplier_order_id")]


async def supplier_order(
    connection: AsyncConnection, supplier_id: UUID, supplier_order_id: UUID
) -> SupplierOrderView:
    """One order of a supplier. Raises NotFound (`supplier_order_unknown`), also for others'."""
    place = {"supplier_id": supplier_id, "supplier_order_id": supplier_order_id, "limit": 1}
    rows = (await connection.execute(_ONE, place)).all()
    if not rows:
        raise NotFound("supplier_order_unknown", "Diese Lieferantenbestellung gibt es nicht")
    return SupplierOrderView(**_order(rows))


async def _position(
    connection: AsyncConnection, query: TextClause, supplier_id: UUID, after: str | None
) -> int:
    if after is None:
        return 0
    found = None
    with_id = _uuid(after)
    if with_id is not None:
        found = await connection.scalar(query, {"id": with_id, "supplier_id": supplier_id})
    if found is None:
        raise Invalid(
            "cursor_unknown",
            "Diese Stelle gibt es nicht",
            field="after",
            way_out="Beginnen Sie ohne „after“ von vorn.",
        )
    return int(found)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _grouped(rows: Sequence[Row[Any]], column: str) -> list[list[Row[Any]]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: getattr(row, column))]


def _order(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    names = SupplierOrderView.model_fields.keys() - {"lines", "currency"}
    facts = {name: getattr(rows[0], name) for name in names}
    return facts | {"lines": tuple(LineView.model_validate(row) for row in rows)}
