"""Suppliers as rows, their credentials beside them, and the feed that publishes them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from marktbund.contracts.supplier_gateway import SUPPLIER_STATE, SupplierState
from marktbund.errors import Conflict, NotFound
from marktbund.feeds import StateFeed
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store.tables import supplier_table

_LET_GO = text("DELETE FROM credential WHERE supplier_id = :supplier_id AND sub <> ALL(:subs)")
_CLAIM = text("""
    INSERT INTO credential (sub, supplier_id)
    SELECT sub, :supplier_id FROM unnest(CAST(:subs AS text[])) AS sub
    ON CONFLICT (sub) DO NOTHING
""")
_OWN = text("SELECT sub FROM credential WHERE supplier_id = :supplier_id")


def _state(row: Row[Any]) -> SupplierState:
    return SupplierState(
        version=row.version,
        supplier_id=row.supplier_id,
        name=row.name,
        status=row.status,
        subs=tuple(row.subs),
    )


FEEDS = (StateFeed(supplier_table, "supplier_id", SUPPLIER_STATE, _state),)


async def load_supplier(uow: UnitOfWork, supplier_id: UUID, *, lock: bool = False) -> Supplier:
    """A supplier, with `lock` under its row lock. Raises NotFound (`supplier_unknown`)."""
    query = select(supplier_table).where(supplier_table.c.supplier_id == supplier_id)
    row = (await uow.connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound("supplier_unknown", "Diesen Lieferanten gibt es nicht", field="supplier_id")
    return Supplier(row.supplier_id, row.name, row.status, tuple(row.subs), row.version)


async def add_supplier(uow: UnitOfWork, supplier: Supplier) -> None:
    """Keep a new supplier."""
    row = {
        "supplier_id": supplier.supplier_id,
        "name": supplier.name,
        "status": supplier.status,
        "subs": list(supplier.subs),
        "version": supplier.version,
    }
    await uow.connection.execute(insert(supplier_table).values(row))


async def save_supplier(uow: UnitOfWork, supplier: Supplier) -> None:
    """Keep a changed supplier. Raises Conflict (`changed_meanwhile`)."""
    values = {"status": supplier.status, "subs": list(supplier.subs), "version": supplier.version}
    result = await uow.connection.execute(
        update(supplier_table)
        .where(
            supplier_table.c.supplier_id == supplier.supplier_id,
            supplier_table.c.version == supplier.version - 1,
        )
        .values(values)
    )
    if result.rowcount != 1:
        raise Conflict("changed_meanwhile", "Inzwischen geändert", way_out="Bitte neu laden.")


async def take_back_supplier(uow: UnitOfWork, supplier: Supplier) -> None:
    """Keep a supplier as it was published, whatever stood here before."""
    state = {
        "name": supplier.name,
        "status": supplier.status,
        "subs": list(supplier.subs),
        "version": supplier.version,
        "published_version": supplier.version,
    }
    await uow.connection.execute(
        upsert(supplier_table)
        .values(supplier_id=supplier.supplier_id, **state)
        .on_conflict_do_update(index_elements=["supplier_id"], set_=state)
    )


async def save_credentials(uow: UnitOfWork, supplier: Supplier) -> None:
    """Make the supplier's subs its credentials. Raises Conflict (`sub_taken`)."""
    key = {"supplier_id": supplier.supplier_id}
    claim = key | {"subs": list(supplier.subs)}
    await uow.connection.execute(_LET_GO, claim)
    await uow.connection.execute(_CLAIM, claim)
    own = set((await uow.connection.execute(_OWN, key)).scalars())
    if len(own) != len(supplier.subs):
        taken = next(sub for sub in supplier.subs if sub not in own)
        raise Conflict(
            "sub_taken",
            "Diese Kennung gehört schon einem anderen Lieferanten",
            f"Schon vergeben: {taken}",
            field="subs",
            way_out="Jede Kennung spricht für genau einen Lieferanten; nehmen Sie sie dort weg.",
        )
