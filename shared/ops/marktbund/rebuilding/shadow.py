"""Tables of the same shape in a schema of their own; made, and exchanged, by the owner's role."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

SCHEMA = "rebuild"
OLD = "rebuild_old"
CONSUMING = (
    "inbox",
    "consumer_offset",
    "aggregate_position",
    "version_gap",
    "dead_letter",
    "skipped_type",
)
"""What the platform writes while events are applied: a generation has its own."""

_THERE = text("SELECT to_regclass(:name) IS NOT NULL")
_CONSTRAINTS = """
    SELECT format('ALTER TABLE {schema}.%I ADD CONSTRAINT %I %s', c.relname, k.conname,
                  pg_get_constraintdef(k.oid))
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
     WHERE c.oid = CAST(:table AS regclass) AND k.contype IN ('p', 'u', 'x')
"""
# The name of the table is the only place in an index's definition where its schema stands.
_INDEXES = """
    SELECT replace(replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '),
                   ' ON public.', ' ON {schema}.')
      FROM pg_index AS i
     WHERE i.indrelid = CAST(:table AS regclass)
       AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
"""
_OPTIONS = """
    SELECT format('ALTER TABLE {schema}.%I SET (%s)', relname, array_to_string(reloptions, ', '))
      FROM pg_class WHERE oid = CAST(:table AS regclass) AND reloptions IS NOT NULL
"""
_RIGHTS = """
    SELECT format('GRANT %s ON {schema}.%I TO %s', a.privilege_type, c.relname,
                  a.grantee::regrole)
      FROM pg_class AS c, aclexplode(c.relacl) AS a
     WHERE c.oid = CAST(:table AS regclass) AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON {schema}.%I TO %s', a.privilege_type, t.attname, c.relname,
                  a.grantee::regrole)
      FROM pg_class AS c JOIN pg_attribute AS t ON t.attrelid = c.oid, aclexplode(t.attacl) AS a
     WHERE c.oid = CAST(:table AS regclass) AND a.grantee <> c.relowner
"""
_TIED = text("""
    SELECT DISTINCT conrelid::regclass::text AS one, confrelid::regclass::text AS other
      FROM pg_constraint
     WHERE contype = 'f' AND (conrelid = CAST(:table AS regclass)
                              OR confrelid = CAST(:table AS regclass))
""")


class TiedError(Exception):
    """A table to be swapped has foreign keys, which would go on pointing at the old one."""


async def exists(connection: AsyncConnection) -> bool:
    """Whether a generation is there, finished or broken off."""
    return bool(await connection.scalar(_THERE, {"name": f"{SCHEMA}.consumer_offset"}))


async def make(connection: AsyncConnection, tables: Iterable[str]) -> None:
    """Make empty tables with the constraints, indexes and rights of the live ones."""
    await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    for table in (*tables, *CONSUMING):
        like = f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL"
        await connection.execute(text(f"{like} EXCLUDING INDEXES)"))
        for query in (_CONSTRAINTS, _INDEXES, _OPTIONS, _RIGHTS):
            made = await connection.execute(
                text(query.format(schema=SCHEMA)), {"table": f"public.{table}"}
            )
            for statement in made.scalars().all():
                await connection.exec_driver_sql(statement)


async def swap(connection: AsyncConnection, tables: Sequence[str]) -> None:
    """Exchange tables; the old ones go to the schema `rebuild_old`. Raises TiedError."""
    for table in tables:
        tied = (await connection.execute(_TIED, {"table": f"public.{table}"})).all()
        if tied:
            raise TiedError(f"{table}: {tied[0].one} refers to {tied[0].other}")
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {OLD} CASCADE"))
    await connection.execute(text(f"CREATE SCHEMA {OLD}"))
    for table in tables:
        await connection.execute(text(f"ALTER TABLE public.{table} SET SCHEMA {OLD}"))
        await connection.execute(text(f"ALTER TABLE {SCHEMA}.{table} SET SCHEMA public"))
    await connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


async def drop(connection: AsyncConnection) -> None:
    """Remove the generation, and the tables an earlier swap put aside."""
    for schema in (SCHEMA, OLD):
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
