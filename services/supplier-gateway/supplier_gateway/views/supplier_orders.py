"""Questions a supplier asks: what waits for me, what did I promise. Amounts are net EUR."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.contracts.http.supplier_gateway import (
    DespatchAnswer,
    DespatchLineAnswer,
    SupplierOrderAnswer,
    SupplierOrderDetailAnswer,
    SupplierOrderLineAnswer,
    WaitingDeliveryAnswer,
)
from marktbund.errors import Invalid, NotFound
from marktbund.texts import OneLine

DeliveryPage = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, OneLine(64)]

LINES = """
    l.line_no, l.article_id, l.article_number, l.name, l.cpv, l.quantity, l.order_unit,
    l.unit_price_net, l.vat_rate, l.net_amount, l.requested_delivery_date, l.state,
    l.agreed_quantity, l.agreed_unit_price_net, l.promised_date, l.despatched_quantity,
    l.quoted_on
"""
_WAITING = text(f"""
    SELECT d.delivery_id, d.document, d.queued_at, o.*, {LINES}
      FROM (SELECT * FROM delivery
             WHERE supplier_id = :supplier_id AND acknowledged_at IS NULL AND seq > :after
             ORDER BY seq LIMIT :limit) AS d
      JOIN supplier_order AS o USING (supplier_order_id)
      JOIN supplier_order_line AS l USING (supplier_order_id)
     ORDER BY d.seq, l.line_no
""")
_DESPATCHES = text("""
    SELECT d.despatch_id, d.supplier_order_id, d.despatched_on, l.line_no, l.quantity
      FROM despatch AS d JOIN despatch_line AS l USING (despatch_id)
     WHERE d.supplier_order_id = :supplier_order_id
     ORDER BY d.seq, l.line_no
""")
_DELIVERY_SEQ = text(
    "SELECT seq FROM delivery WHERE delivery_id = :id AND supplier_id = :supplier_id"
)
_ORDER_SEQ = text(
    "SELECT seq FROM supplier_order WHERE supplier_order_id = :id AND supplier_id = :supplier_id"
)


def _orders(condition: str, page: str = "ORDER BY seq LIMIT :limit") -> TextClause:
    return text(f"""
        SELECT o.*, {LINES}
          FROM (SELECT * FROM supplier_order
                 WHERE supplier_id = :supplier_id AND {condition} {page}) AS o
          JOIN supplier_order_line AS l USING (supplier_order_id)
         ORDER BY o.seq, l.line_no
    """)


_ALL = _orders("seq > :after")
_OPEN = _orders("seq > :after AND status = 'placed' AND open_lines > 0")
_ONE = _orders("supplier_order_id = :supplier_order_id", "")


async def deliveries(
    connection: AsyncConnection, supplier_id: UUID, after: str | None, limit: int
) -> list[WaitingDeliveryAnswer]:
    """Documents of a supplier not yet acknowledged, oldest first.

    `after`: delivery_id of the last one of the page before, acknowledged meanwhile or not.
    Without it the walk starts at the oldest, so nothing unacknowledged is ever passed over.
    Raises Invalid (`cursor_unknown`).
    """
    start = await _position(connection, _DELIVERY_SEQ, supplier_id, after)
    rows = await connection.execute(
        _WAITING, {"supplier_id": supplier_id, "after": start, "limit": limit}
    )
    return delivery_views(rows.mappings().all())


def delivery_views(rows: Sequence[RowMapping]) -> list[WaitingDeliveryAnswer]:
    """Documents from rows of document, order and line, sorted by document."""
    return [
        WaitingDeliveryAnswer.model_validate(
            {
                **group[0],
                "lines": _lines(group),
                "business_date": clock.business_date(group[0]["queued_at"]),
            }
        )
        for group in _grouped(rows, "delivery_id")
    ]


async def supplier_orders(
    connection: AsyncConnection, supplier_id: UUID, after: str | None, limit: int, *, open_: bool
) -> list[SupplierOrderAnswer]:
    """Orders of a supplier, oldest first; with `open_` those that wait for an answer.

    `after`: supplier_order_id of the last one of the page before. Raises Invalid
    (`cursor_unknown`).
    """
    start = await _position(connection, _ORDER_SEQ, supplier_id, after)
    rows = await connection.execute(
        _OPEN if open_ else _ALL, {"supplier_id": supplier_id, "after": start, "limit": limit}
    )
    return [
        SupplierOrderAnswer.model_validate({**group[0], "lines": _lines(group)})
        for group in _grouped(rows.mappings().all(), "supplier_order_id")
    ]


async def supplier_order(
    connection: AsyncConnection, supplier_id: UUID, supplier_order_id: UUID
) -> SupplierOrderDetailAnswer:
    """One order of a supplier. Raises NotFound (`supplier_order_unknown`), also for others'."""
    key = {"supplier_id": supplier_id, "supplier_order_id": supplier_order_id}
    rows = (await connection.execute(_ONE, key)).mappings().all()
    if not rows:
        raise NotFound("supplier_order_unknown", "Diese Lieferantenbestellung gibt es nicht")
    sent = (await connection.execute(_DESPATCHES, key)).mappings().all()
    despatches = tuple(_despatch(group) for group in _grouped(sent, "despatch_id"))
    return SupplierOrderDetailAnswer.model_validate(
        {**rows[0], "lines": _lines(rows), "despatches": despatches}
    )


async def _position(
    connection: AsyncConnection, query: TextClause, supplier_id: UUID, after: str | None
) -> int:
    if after is None:
        return 0
    seq = None
    with_id = _uuid(after)
    if with_id is not None:
        seq = await connection.scalar(query, {"id": with_id, "supplier_id": supplier_id})
    if seq is None:
        raise Invalid(
            "cursor_unknown",
            "Diese Stelle gibt es nicht",
            field="after",
            way_out="Beginnen Sie ohne „after“ von vorn.",
        )
    return int(seq)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _grouped(rows: Sequence[RowMapping], column: str) -> list[list[RowMapping]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row[column])]


def _lines(rows: Sequence[RowMapping]) -> tuple[SupplierOrderLineAnswer, ...]:
    return tuple(SupplierOrderLineAnswer.model_validate(dict(row)) for row in rows)


def _despatch(rows: Sequence[RowMapping]) -> DespatchAnswer:
    lines = tuple(DespatchLineAnswer.model_validate(dict(row)) for row in rows)
    return DespatchAnswer.model_validate({**rows[0], "lines": lines})
