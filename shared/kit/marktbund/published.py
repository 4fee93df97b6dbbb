"""How far the log is known to hold what this database announced, per topic and partition.

The relay notes it in the transaction that deletes or marks what was sent. What lies beyond was
sent by a process whose database forgot it, or sent and not yet noted.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from aiokafka.structs import RecordMetadata
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LogPartition = tuple[str, int]
"""Topic without prefix, and partition."""

KEEP = """
    INSERT INTO published AS p (topic, partition, next_offset)
    SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]),
                         CAST(:nexts AS bigint[])) AS n
"""
FORWARD = """
    ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
     WHERE p.next_offset < excluded.next_offset
"""
_NOTE = text(KEEP + FORWARD)
_STORED = text("SELECT topic, partition, next_offset FROM published")
_LOWER = text("""
    UPDATE published AS p SET next_offset = n.next_offset
      FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]),
                  CAST(:nexts AS bigint[])) AS n (topic, partition, next_offset)
     WHERE p.topic = n.topic AND p.partition = n.partition AND p.next_offset > n.next_offset
""")


class PositionColumns(TypedDict):
    """Positions as arrays, in one order."""

    topics: list[str]
    partitions: list[int]
    nexts: list[int]


def columns(positions: Mapping[LogPartition, int]) -> PositionColumns:
    """Positions as the arrays that `KEEP` is bound to."""
    ordered = sorted(positions)
    return {
        "topics": [topic for topic, _ in ordered],
        "partitions": [partition for _, partition in ordered],
        "nexts": [positions[partition] for partition in ordered],
    }


def reached(confirmed: Iterable[RecordMetadata], prefix: str) -> dict[LogPartition, int]:
    """Where each partition goes on after confirmed records.

    A broker that has a repeated batch already names no offset: such records move nothing.
    """
    positions: dict[LogPartition, int] = {}
    for record in confirmed:
        partition = (record.topic.removeprefix(prefix), record.partition)
        positions[partition] = max(record.offset + 1, positions.get(partition, 0))
    return positions


async def note(connection: AsyncConnection, positions: Mapping[LogPartition, int]) -> None:
    """Move positions forward, never back."""
    await connection.execute(_NOTE, {**columns(positions)})


async def stored(connection: AsyncConnection) -> dict[LogPartition, int]:
    """What was noted; a partition without a row: nothing was sent there yet."""
    rows = await connection.execute(_STORED)
    return {(row.topic, row.partition): row.next_offset for row in rows}


async def lower(connection: AsyncConnection, ends: Mapping[LogPartition, int]) -> None:
    """Put positions beyond a log's end back to it: the log was made anew."""
    await connection.execute(_LOWER, {**columns(ends)})
