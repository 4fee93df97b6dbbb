"""Suppliers as rows, their credentials beside them, and the feed that publishes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from marktbund import statements
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE, SupplierState, SupplierStatus
from marktbund.errors import NotFound
from marktbund.feeds import StateFeed
from marktbund.statements import Clause, rows_of
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store.locks import HELD
from supplier_gateway.store.tables import supplier_table

# In the order of the domain's Supplier.
_HELD = """
    SELECT supplier_id, name, status, subs, version FROM supplier
     WHERE supplier_id = ANY(CAST(:held_supplier_ids AS uuid[])) AND {first}
     ORDER BY supplier_id FOR UPDATE
"""
_ADD = """
    INSERT INTO supplier (supplier_id, name, status, subs, version)
    VALUES (:added_id, :added_name, :added_status, CAST(:added_subs AS text[]), :added_version)
"""
_SAVE = """
    UPDATE supplier AS s SET status = n.status, version = n.version
      FROM unnest(CAST(:supplier_ids AS uuid[]), CAST(:supplier_statuses AS text[]),
                  CAST(:supplier_versions AS bigint[])) AS n (supplier_id, status, version)
     WHERE s.supplier_id = n.supplier_id
"""
_SAVE_SUBS = """
    UPDATE supplier SET subs = CAST(:credential_subs AS text[]), version = :credential_version
     WHERE supplier_id = :credential_supplier_id
"""
# Two suppliers that are given one sub at the same moment: the second looks when the first is done.
_HOLD_CREDENTIALS = text("LOCK TABLE credential IN SHARE ROW EXCLUSIVE MODE")
_OWNERS = text("SELECT sub, supplier_id FROM credential WHERE sub = ANY(CAST(:subs AS text[]))")
_LET_GO = """
    DELETE FROM credential
     WHERE supplier_id = :credential_supplier_id AND sub <> ALL(CAST(:credential_subs AS text[]))
"""
_CLAIM = """
    INSERT INTO credential (sub, supplier_id)
    SELECT sub, :credential_supplier_id FROM unnest(CAST(:credential_subs AS text[])) AS sub
    ON CONFLICT (sub) DO NOTHING
"""


SupplierRow = tuple[UUID, str, SupplierStatus, Sequence[str], int]
"""Id, name, status, subs, version."""


def _state(row: Row[Any]) -> SupplierState:
    return SupplierState(
        version=row.version,
        supplier_id=row.supplier_id,
        name=row.name,
        status=row.status,
        subs=tuple(row.subs),
    )


FEEDS = (StateFeed(supplier_table, "supplier_id", SUPPLIER_STATE, _state),)


def holding(ids: Sequence[UUID]) -> Clause:
    """The lock of suppliers; shows those there are."""
    shown = rows_of("SELECT * FROM held_suppliers")
    return Clause("held_suppliers", _HELD, {"held_supplier_ids": sorted(set(ids))}, shown)


def suppliers_of(rows: Iterable[SupplierRow]) -> Mapping[UUID, Supplier]:
    """Suppliers by id, of what `holding` shows."""
    held = (
        Supplier(key, name, status, tuple(subs), version)
        for key, name, status, subs, version in rows
    )
    return {supplier.supplier_id: supplier for supplier in held}


async def hold_supplier(uow: UnitOfWork, supplier_id: UUID) -> Supplier:
    """A supplier, held until the commit. Raises NotFound (`supplier_unknown`)."""
    held = await statements.hold(uow.connection, HELD, holding([supplier_id]))
    return require(suppliers_of(held.held_suppliers if held else ()), supplier_id)


def require(suppliers: Mapping[UUID, Supplier], supplier_id: UUID) -> Supplier:
    """The supplier of this id. Raises NotFound (`supplier_unknown`)."""
    supplier = suppliers.get(supplier_id)
    if supplier is None:
        raise NotFound("supplier_unknown", "Diesen Lieferanten gibt es nicht", field="supplier_id")
    return supplier


async def require_known(uow: UnitOfWork, supplier_id: UUID) -> None:
    """Raises NotFound (`supplier_unknown`); holds nothing."""
    query = select(supplier_table.c.supplier_id).where(supplier_table.c.supplier_id == supplier_id)
    if await uow.connection.scalar(query) is None:
        require({}, supplier_id)


async def hold_credentials(uow: UnitOfWork, subs: Sequence[str]) -> Mapping[str, UUID]:
    """Whom these subs speak for, those that speak for anybody; all held until the commit."""
    await uow.connection.execute(_HOLD_CREDENTIALS)
    rows = await uow.connection.execute(_OWNERS, {"subs": list(subs)})
    return {row.sub: row.supplier_id for row in rows}


def adding(supplier: Supplier) -> tuple[Clause, ...]:
    """The write that keeps a new supplier."""
    values = {
        "added_id": supplier.supplier_id,
        "added_name": supplier.name,
        "added_status": supplier.status,
        "added_subs": list(supplier.subs),
        "added_version": supplier.version,
    }
    return (Clause("added_supplier", _ADD, values),)


def saving(suppliers: Sequence[Supplier]) -> tuple[Clause, ...]:
    """The write that keeps status and version of suppliers that were held when they were loaded."""
    if not suppliers:
        return ()
    values = {
        "supplier_ids": [supplier.supplier_id for supplier in suppliers],
        "supplier_statuses": [supplier.status for supplier in suppliers],
        "supplier_versions": [supplier.version for supplier in suppliers],
    }
    return (Clause("saved_suppliers", _SAVE, values),)


def saving_subs(supplier: Supplier) -> tuple[Clause, ...]:
    """The write that makes a supplier's subs its credentials, which `hold_credentials` held."""
    return (
        Clause("saved_subs", _SAVE_SUBS, _subs(supplier)),
        *saving_credentials(supplier),
    )


def saving_credentials(supplier: Supplier) -> tuple[Clause, ...]:
    """The write of the credentials alone."""
    return (
        Clause("let_go_credentials", _LET_GO, _subs(supplier)),
        Clause("claimed_credentials", _CLAIM, _subs(supplier)),
    )


def _subs(supplier: Supplier) -> Mapping[str, UUID | int | list[str]]:
    return {
        "credential_supplier_id": supplier.supplier_id,
        "credential_version": supplier.version,
        "credential_subs": list(supplier.subs),
    }


async def take_back_supplier(uow: UnitOfWork, supplier: Supplier) -> None:
    """Keep a supplier as it was published, whatever stood here before; a name never changes."""
    state = {
        "status": supplier.status,
        "subs": list(supplier.subs),
        "version": supplier.version,
        "published_version": supplier.version,
    }
    await uow.connection.execute(
        upsert(supplier_table)
        .values(supplier_id=supplier.supplier_id, name=supplier.name, **state)
        .on_conflict_do_update(index_elements=["supplier_id"], set_=state)
    )
