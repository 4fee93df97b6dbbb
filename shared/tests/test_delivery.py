"""Outbox -> relay -> Kafka -> consumer -> inbox, on a real broker and a real database."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from sqlalchemy import text

from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database

from .conftest import Watched, hearing, relaying

ORIGIN = Origin(correlation_id="test", demo=True)


def event(key: UUID, version: int) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=key, status="active")


async def announce(database: Database, keys: Sequence[UUID], versions: int) -> None:
    async def announce_key(key: UUID) -> None:
        for version in range(1, versions + 1):
            async with database.begin(ORIGIN) as uow:
                uow.announce(event(key, version))

    await asyncio.gather(*(announce_key(key) for key in keys))


async def count(database: Database, table: str, where: str = "true") -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")))


async def produce(kafka: KafkaBroker, topic: str, records: Sequence[ConsumerRecord]) -> None:
    producer = AIOKafkaProducer(**kafka.admin.aiokafka())
    await producer.start()
    try:
        for record in records:
            await producer.send_and_wait(
                topic, record.value, key=record.key, headers=list(record.headers)
            )
    finally:
        await producer.stop()


async def read_all(kafka: KafkaBroker, topic: str, expected: int) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(topic, **kafka.admin.aiokafka(), auto_offset_reset="earliest")
    await consumer.start()
    read: list[ConsumerRecord] = []
    try:
        while len(read) < expected:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                read.extend(records)
    finally:
        await consumer.stop()
    return read


async def test_every_event_is_applied_once_in_order_of_its_key(
    database: Database, kafka: KafkaBroker, prefix: str
):
    keys = [new_id() for _ in range(20)]
    watched = Watched()
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, keys, 15)
        await watched.until(300)
        await asyncio.sleep(0.5)
    by_key: dict[str, list[int]] = defaultdict(list)
    for record in watched.seen:
        by_key[record.key].append(record.aggregate_version)
    assert by_key == {str(key): list(range(1, 16)) for key in keys}
    assert await count(database, "outbox") == 0
    assert await count(database, "version_gap", f"topic LIKE '{prefix}%'") == 0


async def test_records_produced_twice_are_suppressed(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched = Watched()
    topic = prefix + MEMBER_EVENTS.name
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, [new_id() for _ in range(5)], 4)
        await watched.until(20)
        await produce(kafka, topic, await read_all(kafka, topic, 20))
        await announce(database, [new_id()], 1)
        await watched.until(21)
        await asyncio.sleep(0.5)
    assert len(watched.seen) == 21
    offsets = f"topic = '{topic}'"
    async with database.reading() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT sum(applied) AS applied, sum(duplicates) AS duplicates,"
                    f" sum(next_offset) AS records FROM consumer_offset WHERE {offsets}"
                )
            )
        ).one()
    assert (row.applied, row.duplicates, row.records) == (21, 20, 41)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda r: (b"{", r.headers), "bad_json"),
        (lambda r: (b'{"version": 1}', r.headers), "wrong_schema"),
        (lambda r: (None, r.headers), "null_value"),
        (lambda r: (r.value, [("ce_type", b"\xff\xfe")]), "bad_header"),
        (lambda r: (r.value, []), "unknown_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_poison_is_parked_and_its_key_waits_while_others_pass(
    database: Database, kafka: KafkaBroker, prefix: str, spoil, code: str
):
    watched = Watched()
    topic = prefix + MEMBER_EVENTS.name
    bad, good = new_id(), new_id()
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, [bad], 1)
        await watched.until(1)
        (first,) = await read_all(kafka, topic, 1)
        value, headers = spoil(first)
        await produce(kafka, topic, [replace(first, value=value, headers=tuple(headers))])
        async with database.begin(ORIGIN) as uow:
            uow.announce(event(bad, 2), event(good, 1), event(bad, 3))
        await watched.until(2)
        async with asyncio.timeout(10):
            while await count(database, "dead_letter", f"topic = '{topic}'") < 3:
                await asyncio.sleep(0.05)
    async with database.reading() as connection:
        rows = await connection.execute(
            text(f"SELECT code FROM dead_letter WHERE topic = '{topic}' ORDER BY record_offset")
        )
    assert [row.code for row in rows] == [code, "key_quarantined", "key_quarantined"]
    assert [record.key for record in watched.seen] == [str(bad), str(good)]


async def test_a_failing_record_is_parked_alone(
    database: Database, kafka: KafkaBroker, prefix: str
):
    keys = [new_id() for _ in range(6)]
    watched = Watched(
        fail_on=lambda r: ValueError("no") if r.key == str(keys[0]) and r.offset >= 0 else None
    )
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, keys, 3)
        await watched.until(15)
        await asyncio.sleep(0.5)
    assert len(watched.seen) == 15
    topic = prefix + MEMBER_EVENTS.name
    assert await count(database, "dead_letter", f"topic = '{topic}'") == 3


async def test_a_restored_database_resumes_where_it_stood(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched = Watched()
    keys = [new_id() for _ in range(3)]
    async with relaying(database, kafka, prefix), hearing(database, kafka, prefix, watched):
        await announce(database, keys, 2)
        await watched.until(6)
        async with database.engine.begin() as connection:
            await connection.execute(text("UPDATE consumer_offset SET next_offset = 0"))
            await connection.execute(text("DELETE FROM inbox"))
        watched.seen.clear()
        async with database.begin(ORIGIN) as uow:
            uow.announce(*(event(key, 3) for key in keys))
        await watched.until(9)
    versions = [record.aggregate_version for record in watched.seen if record.key == str(keys[0])]
    assert versions == [1, 2, 3]


async def test_a_leaked_cancellation_is_redelivered(
    database: Database, kafka: KafkaBroker, prefix: str
):
    leaks = [asyncio.CancelledError()]
    watched = Watched(fail_on=lambda _: leaks.pop() if leaks else None)
    async with (
        relaying(database, kafka, prefix),
        hearing(database, kafka, prefix, watched) as consumer,
    ):
        await announce(database, [new_id()], 2)
        await watched.until(2)
        assert consumer.trouble() == ""
    assert [record.aggregate_version for record in watched.seen] == [1, 2]
