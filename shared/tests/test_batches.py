"""What a consumer does with records it has passed already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from sqlalchemy import text

from marktbund.consuming import Batches, Hearing
from marktbund.consuming.offsets import OffsetsMovedError
from marktbund.contracts.base import Topic
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin, Received, write_headers
from marktbund.ids import new_id
from marktbund.unit_of_work import Database, UnitOfWork

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


class Transactions:
    """A handler that notes which of its records came in which transaction."""

    def __init__(self) -> None:
        self.seen: dict[int, list[int]] = {}

    async def apply(self, records: Sequence[Received], uow: UnitOfWork) -> None:
        number = await uow.connection.scalar(text("SELECT txid_current()"))
        self.seen.setdefault(number, []).extend(record.offset for record in records)
        if any(record.event.key == str(BAD) for record in records):
            raise ValueError("not this one")


BAD = UUID(int=13)


@pytest.mark.parametrize(
    ("deciding", "transactions"),
    [(frozenset({MEMBER_EVENTS}), [[0], [1], [2]]), (frozenset(), [[0, 1, 2]])],
)
async def test_what_decides_is_a_transaction_for_each_event_and_all_else_one_for_a_batch(
    database: Database, deciding: frozenset[Topic], transactions: list[list[int]]
):
    prefix, noted = f"t{new_id().hex[-12:]}_", Transactions()
    consumer, partition = f"{prefix}.v1", TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    hearing = Hearing({MEMBER_EVENTS: noted.apply}, deciding=deciding)
    batches = Batches(database, consumer, prefix, hearing)
    await stored_at(database, consumer, partition, 0)
    batches.expected[partition] = 0
    await batches.apply([record(partition.topic, offset) for offset in range(3)])
    assert list(noted.seen.values()) == transactions
    assert await tallies(database, partition.topic) == (3, 3, 0, 0, 0)


async def test_one_event_that_cannot_be_decided_is_parked_and_those_beside_it_stay_decided(
    database: Database,
):
    prefix, noted = f"t{new_id().hex[-12:]}_", Transactions()
    consumer, partition = f"{prefix}.v1", TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    hearing = Hearing({MEMBER_EVENTS: noted.apply}, deciding=frozenset({MEMBER_EVENTS}))
    batches = Batches(database, consumer, prefix, hearing)
    await stored_at(database, consumer, partition, 0)
    batches.expected[partition] = 0
    keys = (None, BAD, None)
    await batches.apply([record(partition.topic, at, key) for at, key in enumerate(keys)])
    # The bad one is tried once, not with the others around it.
    assert list(noted.seen.values()) == [[0], [1], [2]]
    assert await tallies(database, partition.topic) == (3, 2, 0, 0, 1)


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


@dataclass
class Bench:
    """A consumer's transactions over one partition, and what it applied."""

    database: Database
    batches: Batches
    watched: Watched
    partition: TopicPartition

    def record(self, offset: int, key: UUID, version: int) -> ConsumerRecord:
        return record(self.partition.topic, offset, key, version)

    @property
    def seen(self) -> list[int]:
        return [applied.offset for applied in self.watched.seen]

    async def parked(self) -> list[tuple[int, str]]:
        asked = text(
            "SELECT record_offset, code FROM dead_letter WHERE topic = :t ORDER BY record_offset"
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(asked, {"t": self.partition.topic})
            return [tuple(row) for row in rows]


@pytest.fixture
async def bench(database: Database) -> Bench:
    prefix = f"t{new_id().hex[-12:]}_"
    partition = TopicPartition(prefix + MEMBER_EVENTS.name, 0)
    watched = Watched()
    heard = Hearing({MEMBER_EVENTS: watched.apply})
    batches = Batches(database, f"{prefix}.v1", prefix, heard)
    await stored_at(database, f"{prefix}.v1", partition, 0)
    batches.expected[partition] = 0
    return Bench(database, batches, watched, partition)


async def test_one_bad_record_is_parked_and_its_neighbours_are_applied_in_order(bench: Bench):
    bad, good = new_id(), new_id()
    bench.watched.fail_on = lambda r: ValueError("no") if r.offset == 1 else None
    batch = [
        bench.record(0, bad, 1),
        bench.record(1, bad, 2),
        bench.record(2, good, 1),
        bench.record(3, bad, 3),
        bench.record(4, good, 2),
    ]
    await bench.batches.apply(batch)
    assert bench.seen == [0, 2, 4]
    assert await bench.parked() == [(1, "handler_failed"), (3, "key_quarantined")]
    assert await tallies(bench.database, bench.partition.topic) == (5, 3, 0, 0, 2)


async def test_behind_a_parked_record_its_key_waits_in_later_batches_too(bench: Bench):
    key = new_id()
    bench.watched.fail_on = lambda r: ValueError("no") if r.offset == 0 else None
    await bench.batches.apply([bench.record(0, key, 1)])
    bench.watched.fail_on = lambda _: None
    await bench.batches.apply([bench.record(1, key, 2), bench.record(2, new_id(), 1)])
    assert bench.seen == [2]
    assert await bench.parked() == [(0, "handler_failed"), (1, "key_quarantined")]


async def test_what_only_later_works_parks_nothing_and_moves_nothing(bench: Bench):
    failures = [TimeoutError("away")]
    bench.watched.fail_on = lambda _: failures.pop() if failures else None
    batch = [bench.record(0, new_id(), 1), bench.record(1, new_id(), 1)]
    with pytest.raises(TimeoutError):
        await bench.batches.apply(batch)
    assert (bench.seen, await bench.parked()) == ([], [])
    assert await tallies(bench.database, bench.partition.topic) == (0, 0, 0, 0, 0)
    await bench.batches.apply(batch)
    assert bench.seen == [0, 1]
    assert await tallies(bench.database, bench.partition.topic) == (2, 2, 0, 0, 0)


async def test_a_database_that_goes_away_while_a_batch_is_taken_apart_loses_nothing(bench: Bench):
    # The second record fails for good; while it is looked at alone, the database is away once.
    errors = {1: [ValueError("no"), TimeoutError("away"), ValueError("no"), ValueError("no")]}
    bench.watched.fail_on = lambda r: errors[r.offset].pop(0) if errors.get(r.offset) else None
    batch = [bench.record(number, new_id(), 1) for number in range(3)]
    with pytest.raises(TimeoutError):
        await bench.batches.apply(batch)
    assert bench.seen == [0]
    await bench.batches.apply(batch)
    assert bench.seen == [0, 2]
    assert await bench.parked() == [(1, "handler_failed")]
    assert await tallies(bench.database, bench.partition.topic) == (3, 2, 0, 0, 1)


async def test_a_paused_owner_applies_nothing_after_another_went_on(bench: Bench):
    key = new_id()
    batch = [bench.record(0, key, 1), bench.record(1, key, 2)]
    prefix, other = bench.partition.topic.removesuffix(MEMBER_EVENTS.name), Watched()
    heard = Hearing({MEMBER_EVENTS: other.apply})
    successor = Batches(bench.database, f"{prefix}.v1", prefix, heard)
    successor.expected[bench.partition] = 0
    await successor.apply(batch)
    with pytest.raises(OffsetsMovedError):
        await bench.batches.apply(batch)
    assert (bench.seen, [r.offset for r in other.seen]) == ([], [0, 1])
    assert await tallies(bench.database, bench.partition.topic) == (2, 2, 0, 0, 0)


async def test_a_partition_that_nobody_sought_is_not_touched(bench: Bench):
    bench.batches.expected.clear()
    with pytest.raises(OffsetsMovedError):
        await bench.batches.apply([bench.record(0, new_id(), 1)])
    assert bench.seen == []


async def test_nothing_happens_to_an_empty_batch(bench: Bench):
    await bench.batches.apply([])
    assert await tallies(bench.database, bench.partition.topic) == (0, 0, 0, 0, 0)


async def test_redelivered_after_the_commit_every_record_counts_as_seen_before(bench: Bench):
    # Kafka's commit was lost, and the offsets were set back by an operator.
    batch = [bench.record(number, new_id(), 1) for number in range(3)]
    await bench.batches.apply(batch)
    async with bench.database.engine.begin() as connection:
        set_back = text("UPDATE consumer_offset SET next_offset = 0 WHERE topic = :t")
        await connection.execute(set_back, {"t": bench.partition.topic})
    bench.batches.expected[bench.partition] = 0
    await bench.batches.apply(batch)
    assert bench.seen == [0, 1, 2]
    assert await tallies(bench.database, bench.partition.topic) == (3, 3, 3, 0, 0)
