"""Framework agreements as orders announced them."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.dialects.postgresql import insert

from catalog.domain.agreements import Covering
from catalog.store.tables import agreement_table
from marktbund.unit_of_work import UnitOfWork

_ADD = insert(agreement_table)
_KEEP = _ADD.on_conflict_do_update(
    index_elements=["agreement_id"],
    set_={
        column.name: _ADD.excluded[column.name]
        for column in agreement_table.columns
        if not column.primary_key
    },
    where=agreement_table.c.version < _ADD.excluded.version,
)


async def keep_agreements(uow: UnitOfWork, agreements: Sequence[Covering]) -> None:
    """Take over agreements, once each; older versions change nothing."""
    if agreements:
        await uow.connection.execute(_KEEP, [asdict(agreement) for agreement in agreements])
