"""Two generations of a table compared: number of rows, a checksum, and where they differ."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.rebuilding.shadow import SCHEMA

MOST_SHOWN = 20
_SUM = """
    SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS checksum
      FROM {schema}.{table} AS t
"""
_ROWS = 'SELECT t::text AS row FROM {schema}.{table} AS t ORDER BY t::text COLLATE "C"'
_PARKED = """
    SELECT topic, partition, record_offset FROM {schema}.dead_letter
     WHERE consumer = :consumer AND status = 'parked' AND topic = ANY(:topics)
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """A table: rows of both, and how many of each the other has not; the first of them shown."""

    table: str
    live_rows: int
    rebuilt_rows: int
    only_live: int = 0
    only_rebuilt: int = 0
    shown: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether there is no difference."""
        return not self.only_live and not self.only_rebuilt


async def compare(live: AsyncConnection, rebuilt: AsyncConnection, table: str) -> Compared:
    """Compare by checksum, and row by row only where that differs; memory stays bounded.

    live: a snapshot of the moment the generation was fed up to.
    """
    of_live = (await live.execute(text(_SUM.format(schema="public", table=table)))).one()
    of_rebuilt = (await rebuilt.execute(text(_SUM.format(schema=SCHEMA, table=table)))).one()
    if tuple(of_live) == tuple(of_rebuilt):
        return Compared(table, of_live.rows, of_rebuilt.rows)
    only_live = only_rebuilt = 0
    shown: list[str] = []
    async for side, row in _differing(live, rebuilt, table):
        only_live += side == "-"
        only_rebuilt += side == "+"
        if len(shown) < MOST_SHOWN:
            shown.append(f"{side} {row}")
    return Compared(table, of_live.rows, of_rebuilt.rows, only_live, only_rebuilt, shown)


async def parked_apart(
    live: AsyncConnection, rebuilt: AsyncConnection, consumer: str, topics: Sequence[str]
) -> list[str]:
    """Records parked in one of the two alone: repaired, discarded, or failing only now."""
    asked = {"consumer": consumer, "topics": list(topics)}
    parked = []
    for connection, schema in ((live, "public"), (rebuilt, SCHEMA)):
        rows = await connection.execute(text(_PARKED.format(schema=schema)), asked)
        parked.append({f"{row.topic} {row.partition}@{row.record_offset}" for row in rows})
    return sorted(parked[0] ^ parked[1])


async def _differing(
    live: AsyncConnection, rebuilt: AsyncConnection, table: str
) -> AsyncIterator[tuple[str, str]]:
    """`-` and a row only the live table has, `+` and one only the rebuilt has, both in order."""
    left = _sorted_rows(live, "public", table)
    right = _sorted_rows(rebuilt, SCHEMA, table)
    live_row, rebuilt_row = await anext(left, None), await anext(right, None)
    while live_row is not None or rebuilt_row is not None:
        if live_row == rebuilt_row:
            live_row, rebuilt_row = await anext(left, None), await anext(right, None)
        elif rebuilt_row is None or (live_row is not None and live_row < rebuilt_row):
            yield "-", str(live_row)
            live_row = await anext(left, None)
        else:
            yield "+", rebuilt_row
            rebuilt_row = await anext(right, None)


async def _sorted_rows(connection: AsyncConnection, schema: str, table: str) -> AsyncIterator[str]:
    async with connection.stream(text(_ROWS.format(schema=schema, table=table))) as rows:
        async for row in rows:
            yield row.row
