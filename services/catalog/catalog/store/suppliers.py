"""Suppliers as the gateway announced them."""

from collections.abc import Sequence

from sqlalchemy import text

from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.unit_of_work import UnitOfWork

_KEEP = text("""
    INSERT INTO supplier AS s (supplier_id, name, status, version)
    SELECT * FROM unnest(CAST(:supplier_id AS uuid[]), CAST(:name AS text[]),
                         CAST(:status AS text[]), CAST(:version AS bigint[]))
    ON CONFLICT (supplier_id) DO UPDATE
       SET name = excluded.name, status = excluded.status, version = excluded.version
     WHERE s.version < excluded.version
""")


async def keep_suppliers(uow: UnitOfWork, states: Sequence[SupplierState]) -> None:
    """Take over states, one per supplier, in one round trip; older ones change nothing."""
    if not states:
        return
    await uow.connection.execute(
        _KEEP,
        {
            "supplier_id": [state.supplier_id for state in states],
            "name": [state.name for state in states],
            "status": [state.status for state in states],
            "version": [state.version for state in states],
        },
    )
