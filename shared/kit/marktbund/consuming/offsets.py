"""Stored offsets: where each partition goes on, kept beside the effects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.failures import TransientError
from marktbund.topics import LogIdentity

_ENSURE = text("""
    INSERT INTO consumer_offset (consumer, topic, partition, cluster_id, topic_id)
    SELECT :consumer, * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]),
                                    CAST(:clusters AS text[]), CAST(:ids AS text[]))
    ON CONFLICT DO NOTHING
""")
_SELECT = """
    SELECT topic, partition, next_offset, cluster_id, topic_id FROM consumer_offset
     WHERE consumer = :consumer AND (topic, partition) IN (
           SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[])))
     ORDER BY topic, partition
"""
_READ = text(_SELECT)
_LOCK = text(_SELECT + " FOR UPDATE")
_ADVANCE = text("""
    UPDATE consumer_offset AS o
       SET next_offset = n.next_offset, applied = o.applied + n.applied,
           duplicates = o.duplicates + n.duplicates, parked = o.parked + n.parked,
           skipped = o.skipped + n.skipped, updated_at = now()
      FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]), CAST(:next AS bigint[]),
                  CAST(:applied AS bigint[]), CAST(:duplicates AS bigint[]),
                  CAST(:parked AS bigint[]), CAST(:skipped AS bigint[]))
           AS n (topic, partition, next_offset, applied, duplicates, parked, skipped)
     WHERE o.consumer = :consumer AND o.topic = n.topic AND o.partition = n.partition
""")


class ForeignLogError(Exception):
    """The broker's log is not the one the stored offsets belong to; an operator must decide."""


class OffsetsMovedError(TransientError):
    """The stored offsets are not what this consumer last sought or wrote; seek again."""


@dataclass(slots=True)
class Tally:
    """What became of a partition's records in one batch."""

    next_offset: int
    applied: int = 0
    duplicates: int = 0
    parked: int = 0
    skipped: int = 0


class PartitionColumns(TypedDict):
    """Partitions as the arrays that statements are bound to."""

    topics: list[str]
    partitions: list[int]


def _split(partitions: Iterable[TopicPartition]) -> tuple[list[TopicPartition], PartitionColumns]:
    ordered = sorted(partitions)
    return ordered, {
        "topics": [tp.topic for tp in ordered],
        "partitions": [tp.partition for tp in ordered],
    }


async def resume(
    connection: AsyncConnection,
    consumer: str,
    partitions: Iterable[TopicPartition],
    identity: LogIdentity,
) -> dict[TopicPartition, int]:
    """Where to go on, for newly assigned partitions; a new partition starts at 0.

    Raises ForeignLogError when a stored offset belongs to another cluster or to a topic that was
    deleted and made again: going on there would skip or repeat records silently.
    """
    ordered, columns = _split(partitions)
    ids = {
        "clusters": [identity.cluster_id] * len(ordered),
        "ids": [identity.topic_ids[tp.topic] for tp in ordered],
    }
    await connection.execute(_ENSURE, {**columns, **ids, "consumer": consumer})
    positions = {}
    for row in await connection.execute(_READ, {**columns, "consumer": consumer}):
        if (row.cluster_id, row.topic_id) != (
            identity.cluster_id,
            identity.topic_ids[row.topic],
        ):
            raise ForeignLogError(f"{row.topic}: stored {row.cluster_id}/{row.topic_id}")
        positions[TopicPartition(row.topic, row.partition)] = row.next_offset
    return positions


async def stored(
    connection: AsyncConnection, consumer: str, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Where partitions go on, as far as the database knows them; locks nothing."""
    _, columns = _split(partitions)
    rows = await connection.execute(_READ, {**columns, "consumer": consumer})
    return {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}


async def lock(
    connection: AsyncConnection, consumer: str, expected: Mapping[TopicPartition, int | None]
) -> None:
    """Lock the rows of a batch's partitions, in one order for everybody.

    Raises OffsetsMovedError when a row differs from what is expected: another owner has worked
    meanwhile, the database was restored, or the seek on assignment never happened.
    """
    _, columns = _split(expected)
    rows = await connection.execute(_LOCK, {**columns, "consumer": consumer})
    held = {TopicPartition(row.topic, row.partition): row.next_offset for row in rows}
    if any(held.get(tp, -1) != offset for tp, offset in expected.items()):
        raise OffsetsMovedError


async def advance(
    connection: AsyncConnection, consumer: str, tallies: Mapping[TopicPartition, Tally]
) -> None:
    """Write the next offsets and what became of the records."""
    ordered, columns = _split(tallies)
    counted = {
        "consumer": consumer,
        "next": [tallies[tp].next_offset for tp in ordered],
        "applied": [tallies[tp].applied for tp in ordered],
        "duplicates": [tallies[tp].duplicates for tp in ordered],
        "parked": [tallies[tp].parked for tp in ordered],
        "skipped": [tallies[tp].skipped for tp in ordered],
    }
    await connection.execute(_ADVANCE, {**columns, **counted})
