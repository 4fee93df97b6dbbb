"""What a consumer does with records it has passed already."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import text

from marktbund.consuming import Batches, Hearing
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin, write_headers
from marktbund.ids import new_id
from marktbund.unit_of_work import Database

from .conftest import Watched


def record(topic: str, offset: int, key: UUID | None = None, version: int = 1) -> ConsumerRecord:
    event = MemberStatusChanged(version=version, member_id=key or new_id(), status="active")
    headers = write_headers(event, new_id(), "members", datetime.now(UTC), Origin("test"))
    value = event.model_dump_json().encode()
    raw = tuple((name, held.encode()) for name, held in headers.items())
    return ConsumerRecord(topic, 0, offset, 0, 0, event.key.encode(), value, None, 0, 0, raw)


def of_type(given: ConsumerRecord, kind: str) -> ConsumerRecord:
    headers = [(name, kind.encode() if name == "ce_type" else v) for name, v in given.headers]
    return replace(given, headers=tuple(headers))


async def stored_at(database: Database, consumer: str, partition: TopicPartition, at: int) -> None:
    """Let a consumer's stored offset of a partition be this one."""
    async with database.engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO consumer_offset
                    (consumer, topic, partition, next_offset, cluster_id, topic_id)
                    VALUES (:consumer, :topic, :partition, :at, 'c', 't')"""),
            {
                "consumer": consumer,
                "topic": partition.topic,
                "partition": partition.partition,
                "at": at,
            },
        )


async def tallies(database: Database, topic: str) -> tuple[int, ...]:
    """Next offset, then applied, duplicates, skipped and parked."""
    asked = """SELECT next_offset, applied, duplicates, skipped, parked
                 FROM consumer_offset WHERE topic = :topic"""
    async with database.reading() as connection:
        return tuple((await connection.execute(text(asked), {"topic": topic})).one())


async def test_records_below_the_stored_offset_are_passed_over_and_not_counted(database: Database):
    prefix = f"t{new_id().hex[-12:]}_"
    partition = TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    watched = Watched()
    batches = Batches(database, "again.v1", prefix, Hearing({MEMBER_EVENTS: watched.apply}))
    await stored_at(database, "again.v1", partition, 5)
    batches.expected[partition] = 5
    await batches.apply(
        [record(partition.topic, 3), record(partition.topic, 4), record(partition.topic, 5)]
    )
    await batches.apply([record(partition.topic, 4)])
    assert [seen.offset for seen in watched.seen] == [5]
    assert await tallies(database, partition.topic) == (6, 1, 0, 0, 0)


async def test_what_became_of_a_batch_is_counted_once_a_record(database: Database):
    prefix = f"t{new_id().hex[-12:]}_"
    partition = TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    watched, key = Watched(), new_id()
    batches = Batches(database, "mixed.v1", prefix, Hearing({MEMBER_EVENTS: watched.apply}))
    await stored_at(database, "mixed.v1", partition, 0)
    batches.expected[partition] = 0
    first = record(partition.topic, 0, key)
    batch = [
        first,
        of_type(record(partition.topic, 1, key, 2), "marktbund.members.MemberMerged.v1"),
        replace(first, offset=2),
        record(partition.topic, 3, key, 3),
        of_type(record(partition.topic, 4), "no type"),
        of_type(record(partition.topic, 5, key, 4), "marktbund.members.MemberMerged.v1"),
    ]
    await batches.apply(batch)
    assert [seen.offset for seen in watched.seen] == [0, 3]
    assert await tallies(database, partition.topic) == (6, 2, 1, 2, 1)
    async with database.reading() as connection:
        gaps = text("SELECT count(*) FROM version_gap WHERE key = :key")
        assert await connection.scalar(gaps, {"key": str(key)}) == 0


async def gaps(database: Database, key: UUID) -> list[tuple[int, int]]:
    """The versions expected and got where this key's records did not follow each other."""
    asked = text("SELECT expected, got FROM version_gap WHERE key = :key ORDER BY got")
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(asked, {"key": str(key)})]


@pytest.mark.parametrize(("passed_by", "seen"), [(True, []), (False, [(4, 2)])])
async def test_what_was_passed_by_is_no_gap_when_it_is_read_again(
    database: Database, passed_by: bool, seen: list[tuple[int, int]]
):
    prefix, key = f"t{new_id().hex[-12:]}_", new_id()
    consumer, partition = f"{prefix}.v1", TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    batches = Batches(database, consumer, prefix, Hearing({MEMBER_EVENTS: Watched().apply}))
    await stored_at(database, consumer, partition, 0)
    batches.expected[partition] = 0
    third = record(partition.topic, 2, key, 3)
    later = of_type(record(partition.topic, 1, key, 2), "marktbund.members.MemberMerged.v1")
    await batches.apply([record(partition.topic, 0, key, 1), later, third])
    kind = MemberStatusChanged.type_name()
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE skipped_type SET type = :type, repaired_at = now() WHERE consumer = :c"),
            {"type": kind if passed_by else "another", "c": consumer},
        )
    await batches.apply([of_type(replace(later, offset=3), kind)])
    assert await gaps(database, key) == seen
