"""How far scheduled audits have come: a note, no proof."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from documentation.domain.passes import Name, Pass
from marktbund.unit_of_work import UnitOfWork

_OF = text("""
    SELECT name, begun_at, finished_at, position, counted, findings, named FROM audit_pass
     WHERE name = :name
""")
_ALL = text("""
    SELECT name, begun_at, finished_at, position, counted, findings, named FROM audit_pass
     ORDER BY name
""")
_KEEP = text("""
    INSERT INTO audit_pass (name, begun_at, finished_at, position, counted, findings, named)
    VALUES (:name, :begun_at, :finished_at, :position, :counted, :findings, :named)
    ON CONFLICT (name) DO UPDATE
       SET begun_at = excluded.begun_at, finished_at = excluded.finished_at,
           position = excluded.position, counted = excluded.counted,
           findings = excluded.findings, named = excluded.named
""")


async def of(connection: AsyncConnection, name: Name) -> Pass | None:
    """The pass of one audit, None before the first."""
    row = (await connection.execute(_OF, {"name": name})).one_or_none()
    return None if row is None else Pass(*row)


async def all_of_them(connection: AsyncConnection) -> list[Pass]:
    """Every audit's pass."""
    return [Pass(*row) for row in await connection.execute(_ALL)]


async def keep(uow: UnitOfWork, walked: Pass) -> None:
    """Note how far a pass has come."""
    columns = {
        "name": walked.name,
        "begun_at": walked.begun_at,
        "finished_at": walked.finished_at,
        "position": walked.position,
        "counted": walked.counted,
        "findings": walked.findings,
        "named": walked.named,
    }
    await uow.connection.execute(_KEEP, columns)
