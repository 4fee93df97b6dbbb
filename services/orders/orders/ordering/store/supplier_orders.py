"""Supplier orders as rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update

from marktbund import statements
from marktbund.clock import business_date
from marktbund.statements import Clause, Values, inserting
from marktbund.unit_of_work import UnitOfWork
from orders.ordering.domain.supplier_orders import SupplierOrder, SupplierOrderLine
from orders.ordering.store.tables import spot_order, supplier_order, supplier_order_line

_SAVE_LINE = update(supplier_order_line).where(
    supplier_order_line.c.supplier_order_id == bindparam("of_share"),
    supplier_order_line.c.line_no == bindparam("of_line"),
    supplier_order_line.c.decision == "open",
)


async def load(uow: UnitOfWork, supplier_order_id: UUID) -> SupplierOrder:
    """A supplier order, locked. Raises LookupError: its news cannot come before itself."""
    loaded = await _load(uow, supplier_order.c.supplier_order_id == supplier_order_id)
    if not loaded:
        raise LookupError(f"supplier order {supplier_order_id} is unknown")
    return loaded[0]


async def load_of_order(uow: UnitOfWork, order_id: UUID) -> list[SupplierOrder]:
    """All supplier orders of an order, locked in one order for everybody."""
    return await _load(uow, supplier_order.c.order_id == order_id)


async def _load(uow: UnitOfWork, condition: ColumnElement[bool]) -> list[SupplierOrder]:
    query = select(supplier_order, spot_order.c.placed_at).join(spot_order).where(condition)
    query = query.order_by(supplier_order.c.supplier_order_id)
    query = query.with_for_update(of=supplier_order)
    rows = (await uow.connection.execute(query)).all()
    ids = [row.supplier_order_id for row in rows]
    lines = await uow.connection.execute(
        select(supplier_order_line)
        .where(supplier_order_line.c.supplier_order_id.in_(ids))
        .order_by(supplier_order_line.c.line_no)
    )
    by_id: dict[UUID, list[SupplierOrderLine]] = {known: [] for known in ids}
    for line in lines:
        values = dict(line._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        by_id[values.pop("supplier_order_id")].append(SupplierOrderLine(**values))
    return [
        SupplierOrder(
            row.supplier_order_id,
            row.order_id,
            row.member_id,
            row.acting_member_id,
            row.supplier_id,
            tuple(by_id[row.supplier_order_id]),
            row.status,
            row.version,
            row.agreement_id,
            business_date(row.placed_at) if row.placed_at else None,
        )
        for row in rows
    ]


def adding(shares: Sequence[SupplierOrder]) -> tuple[Clause, ...]:
    """The writes that keep newly placed supplier orders with their lines."""
    rows = [
        {
            "supplier_order_id": share.supplier_order_id,
            "order_id": share.order_id,
            "member_id": share.member_id,
            "acting_member_id": share.acting_member_id,
            "supplier_id": share.supplier_id,
            "status": share.status,
            "version": share.version,
            "agreement_id": share.agreement_id,
        }
        for share in shares
    ]
    lines = [_line_row(share, line) for share in shares for line in share.lines]
    return *inserting(supplier_order, rows), *inserting(supplier_order_line, lines)


async def add(uow: UnitOfWork, shares: Sequence[SupplierOrder]) -> None:
    """Keep newly placed supplier orders with their lines."""
    await statements.write(uow.connection, *adding(shares))


async def save(uow: UnitOfWork, share: SupplierOrder, before: SupplierOrder) -> None:
    """Keep a changed supplier order. Raises RuntimeError: a locked row cannot change."""
    loaded = (supplier_order.c.supplier_order_id == share.supplier_order_id) & (
        supplier_order.c.version == before.version
    )
    changed_row = {"status": share.status, "version": share.version}
    result = await uow.connection.execute(update(supplier_order).where(loaded).values(changed_row))
    if result.rowcount != 1:
        raise RuntimeError("a locked supplier order changed")
    known = set(before.lines)
    changed = [
        {"of_share": share.supplier_order_id, "of_line": line.line_no, **_decided(line)}
        for line in share.lines
        if line not in known
    ]
    if changed:
        await uow.connection.execute(_SAVE_LINE, changed)


def _line_row(share: SupplierOrder, line: SupplierOrderLine) -> Values:
    return {
        "supplier_order_id": share.supplier_order_id,
        "line_no": line.line_no,
        "ordered_net": line.ordered_net,
        **_decided(line),
    }


def _decided(line: SupplierOrderLine) -> Values:
    return {
        "decision": line.decision,
        "accepted_net": line.accepted_net,
        "refused_net": line.refused_net,
        "reduced_net": line.reduced_net,
        "cancelled_net": line.cancelled_net,
        "quantity": line.quantity,
        "unit_price_net": line.unit_price_net,
        "promised_date": line.promised_date,
    }
