"""Names of members and suppliers as their owners last told them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import TextClause, text

from marktbund.unit_of_work import UnitOfWork

_MEMBERS = text("""
    INSERT INTO member_name AS known (member_id, name, version)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:versions AS bigint[]))
    ON CONFLICT (member_id) DO UPDATE SET name = excluded.name, version = excluded.version
     WHERE known.version < excluded.version
""")
_SUPPLIERS = text("""
    INSERT INTO supplier_name AS known (supplier_id, name, version)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:versions AS bigint[]))
    ON CONFLICT (supplier_id) DO UPDATE SET name = excluded.name, version = excluded.version
     WHERE known.version < excluded.version
""")

Named = tuple[UUID, int, str]
"""Id, version of the state, name."""


async def keep_members(uow: UnitOfWork, named: Iterable[Named]) -> None:
    """Take over members' newest names; an older state changes nothing."""
    await _keep(uow, _MEMBERS, named)


async def keep_suppliers(uow: UnitOfWork, named: Iterable[Named]) -> None:
    """Take over suppliers' newest names; an older state changes nothing."""
    await _keep(uow, _SUPPLIERS, named)


async def _keep(uow: UnitOfWork, statement: TextClause, named: Iterable[Named]) -> None:
    newest = {key: (version, name) for key, version, name in sorted(named)}
    await uow.connection.execute(
        statement,
        {
            "ids": list(newest),
            "names": [name for _, name in newest.values()],
            "versions": [version for version, _ in newest.values()],
        },
    )
