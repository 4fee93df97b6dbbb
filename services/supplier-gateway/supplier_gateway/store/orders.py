"""Supplier orders as rows: taken in by the batch, changed under their row lock.

The lock comes first and everything else is read after it, in a statement of its own: a statement
that waited for the lock would still see the other tables as they were before.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from marktbund.contracts.orders import SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import DespatchAdvised
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.lines import Agreed, Line
from supplier_gateway.domain.orders import SupplierOrder
from supplier_gateway.store import statements

_DELIVERY = tuple(field.name for field in fields(Delivery))


async def add_orders(
    uow: UnitOfWork, taken: Sequence[tuple[SupplierOrderPlaced, SupplierOrder]]
) -> set[UUID]:
    """Keep supplier orders with lines and deliveries; returns the ids not known before."""
    rows = [_order_row(placed, order) for placed, order in taken]
    added = await uow.connection.execute(statements.ADD_ORDERS, _columns(rows))
    new: set[UUID] = set(added.scalars())
    fresh = [(placed, order) for placed, order in taken if order.supplier_order_id in new]
    if fresh:
        lines = [
            line.model_dump(exclude={"quote", "account"})
            | {
                "supplier_order_id": placed.supplier_order_id,
                "quoted_on": line.quote.quoted_on if line.quote else None,
            }
            for placed, _ in fresh
            for line in placed.lines
        ]
        await uow.connection.execute(statements.ADD_LINES, _columns(lines))
        await _save_deliveries(uow, [order for _, order in fresh])
    return new


async def lock_orders(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, SupplierOrder]:
    """Supplier orders, locked, by id. Raises NotFound (`supplier_order_unknown`)."""
    rows = await uow.connection.execute(statements.LOCK_ORDERS, {"ids": sorted(set(ids))})
    orders = await _load(uow, list(rows))
    if orders.keys() != set(ids):
        raise _unknown()
    return orders


async def lock_order(uow: UnitOfWork, supplier_id: UUID, supplier_order_id: UUID) -> SupplierOrder:
    """A supplier's own order, locked. Raises NotFound (`supplier_order_unknown`)."""
    key = {"supplier_id": supplier_id, "supplier_order_id": supplier_order_id}
    rows = (await uow.connection.execute(statements.LOCK_ORDER, key)).all()
    if not rows:
        raise _unknown()
    return (await _load(uow, rows))[supplier_order_id]


async def lock_order_of_delivery(
    uow: UnitOfWork, supplier_id: UUID, delivery_id: UUID
) -> SupplierOrder:
    """The order a supplier's own delivery is about, locked. Raises NotFound."""
    key = {"supplier_id": supplier_id, "delivery_id": delivery_id}
    supplier_order_id = await uow.connection.scalar(statements.ORDER_OF_DELIVERY, key)
    if supplier_order_id is None:
        raise _delivery_unknown()
    return await lock_order(uow, supplier_id, supplier_order_id)


async def order_of_delivery(uow: UnitOfWork, delivery_id: UUID) -> UUID:
    """Which supplier order a document is about. Raises NotFound (`delivery_unknown`)."""
    key = {"delivery_id": delivery_id}
    supplier_order_id: UUID | None = await uow.connection.scalar(
        statements.ORDER_OF_ANY_DELIVERY, key
    )
    if supplier_order_id is None:
        raise _delivery_unknown()
    return supplier_order_id


async def save_orders(uow: UnitOfWork, orders: Sequence[SupplierOrder]) -> None:
    """Keep changed supplier orders and their deliveries, which the caller has locked."""
    if not orders:
        return
    rows = [_state_row(order) for order in orders]
    await uow.connection.execute(statements.SAVE_ORDERS, _columns(rows))
    await _save_deliveries(uow, orders)


async def save_lines(uow: UnitOfWork, order: SupplierOrder) -> None:
    """Keep the lines of a supplier order that were answered or sent off."""
    lines = [_line_row(order, line) for line in order.lines]
    await uow.connection.execute(statements.SAVE_LINES, _columns(lines))


async def add_despatch(uow: UnitOfWork, despatch: DespatchAdvised) -> None:
    """Keep goods sent off."""
    row = {
        "despatch_id": despatch.despatch_id,
        "supplier_order_id": despatch.supplier_order_id,
        "despatched_on": despatch.despatched_on,
        "line_no": [line.line_no for line in despatch.lines],
        "quantity": [line.quantity for line in despatch.lines],
    }
    await uow.connection.execute(statements.ADD_DESPATCH, row)


async def _save_deliveries(uow: UnitOfWork, orders: Sequence[SupplierOrder]) -> None:
    rows = [
        {name: getattr(delivery, name) for name in _DELIVERY}
        | {"supplier_order_id": order.supplier_order_id, "supplier_id": order.supplier_id}
        for order in orders
        for delivery in order.due(uow.now).deliveries
    ]
    await uow.connection.execute(statements.SAVE_DELIVERIES, _columns(rows))


async def _load(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> dict[UUID, SupplierOrder]:
    ids = {"ids": [row.supplier_order_id for row in rows]}
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for line in await uow.connection.execute(statements.LINES, ids):
        lines[line.supplier_order_id].append(_line(line))
    deliveries: dict[UUID, list[Delivery]] = defaultdict(list)
    for row in await uow.connection.execute(statements.DELIVERIES, ids):
        deliveries[row.supplier_order_id].append(
            Delivery(**{name: getattr(row, name) for name in _DELIVERY})
        )
    return {
        row.supplier_order_id: SupplierOrder(
            supplier_order_id=row.supplier_order_id,
            order_id=row.order_id,
            member_id=row.member_id,
            supplier_id=row.supplier_id,
            lines=tuple(lines[row.supplier_order_id]),
            deliveries=tuple(deliveries[row.supplier_order_id]),
            cancel_reason=row.cancel_reason,
            delivery_version=row.delivery_version,
            response_version=row.response_version,
            placed_at=row.placed_at,
        )
        for row in rows
    }


def _line(row: Row[Any]) -> Line:
    agreed = None
    if row.response_id is not None:
        agreed = Agreed(
            row.response_id, row.agreed_quantity, row.agreed_unit_price_net, row.promised_date
        )
    return Line(
        line_no=row.line_no,
        quantity=row.quantity,
        unit_price_net=row.unit_price_net,
        state=row.state,
        agreed=agreed,
        despatched=row.despatched_quantity,
        order_unit=row.order_unit,
    )


def _order_row(placed: SupplierOrderPlaced, order: SupplierOrder) -> dict[str, Any]:
    return _state_row(order) | {
        "order_id": order.order_id,
        "member_id": order.member_id,
        "acting_member_id": placed.acting_member_id,
        "supplier_id": order.supplier_id,
        "placed_at": placed.placed_at,
        "net_total": placed.net_total,
        "delivery": placed.delivery.model_dump_json() if placed.delivery else None,
        "buyer_reference": placed.buyer_reference,
    }


def _state_row(order: SupplierOrder) -> dict[str, Any]:
    return {
        "supplier_order_id": order.supplier_order_id,
        "status": "placed" if order.cancel_reason is None else "cancelled",
        "cancel_reason": order.cancel_reason,
        "open_lines": order.open_lines,
        "delivery_version": order.delivery_version,
        "response_version": order.response_version,
    }


def _line_row(order: SupplierOrder, line: Line) -> dict[str, Any]:
    agreed = line.agreed
    return {
        "supplier_order_id": order.supplier_order_id,
        "line_no": line.line_no,
        "state": line.state,
        "response_id": agreed.response_id if agreed else None,
        "agreed_quantity": agreed.quantity if agreed else None,
        "agreed_unit_price_net": agreed.unit_price_net if agreed else None,
        "promised_date": agreed.promised_date if agreed else None,
        "despatched_quantity": line.despatched,
    }


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as one array per column, for `unnest`."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _delivery_unknown() -> NotFound:
    return NotFound("delivery_unknown", "Diese Zustellung gibt es nicht", field="delivery_id")


def _unknown() -> NotFound:
    return NotFound(
        "supplier_order_unknown",
        "Diese Lieferantenbestellung gibt es nicht",
        field="supplier_order_id",
    )
