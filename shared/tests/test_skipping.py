"""A type that a later release announces: passed by, counted, named, and read once it is known."""

import asyncio
import io
from dataclasses import replace
from uuid import UUID

import pytest
import structlog
from aiokafka import ConsumerRecord
from sqlalchemy import text

from marktbund.consuming import Consumer, Hearing
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.rereading import reread
from marktbund.testing.engines.selection import KafkaBroker
from marktbund.unit_of_work import Database

from .conftest import Watched, hearing
from .desk import OPERATOR, Desk, spoilt
from .test_delivery import count, event, produce

KNOWN = "marktbund.members.MemberStatusChanged.v1"
LATER = "marktbund.members.MemberMerged.v1"


@pytest.fixture(autouse=True)
async def nothing_due(database: Database) -> None:
    """What other tests skipped in this database is settled."""
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE skipped_type SET repaired_at = now()"))


def of_type(record: ConsumerRecord, kind: str) -> ConsumerRecord:
    """The same record under another type."""
    headers = [(name, kind.encode() if name == "ce_type" else v) for name, v in record.headers]
    return replace(record, headers=tuple(headers))


def sent(key: UUID, version: int, kind: str = KNOWN) -> ConsumerRecord:
    return of_type(spoilt(key, version, event(key, version).model_dump_json().encode()), kind)


async def skipped(database: Database, topic: str) -> tuple[int, int]:
    """Records skipped, by the offsets and by the types."""
    async with database.reading() as connection:
        by_offsets = text("SELECT sum(skipped) FROM consumer_offset WHERE topic = :topic")
        by_types = text("SELECT coalesce(sum(records), 0) FROM skipped_type WHERE consumer = :c")
        consumer = topic.removesuffix(MEMBER_EVENTS.name) + "members.v1"
        return (
            int(await connection.scalar(by_offsets, {"topic": topic}) or 0),
            int(await connection.scalar(by_types, {"c": consumer}) or 0),
        )


async def test_a_later_type_is_passed_by_and_holds_up_nobody(
    database: Database, kafka: KafkaBroker, prefix: str, written: io.StringIO
):
    structlog.configure(cache_logger_on_first_use=False)
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    records = [sent(key, 1), sent(key, 2, LATER), sent(key, 3, LATER), sent(key, 4)]
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, records)
        await watched.until(2)
    assert desk.versions(key) == [1, 4]
    assert await desk.gaps() == []
    assert await desk.parked() == []
    assert await skipped(database, desk.topic) == (2, 2)
    assert await desk.tallies() == (2, 0, 0, 0, 4)
    lines = [loads(line) for line in written.getvalue().splitlines() if "type_skipped" in line]
    assert [line["type"] for line in lines] == [LATER]


async def test_who_keeps_everything_is_handed_a_later_type(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    heard = Hearing({MEMBER_EVENTS: watched.apply}, keeps_unread=True)
    consumer = Consumer(database, kafka.admin, heard, prefix=prefix)
    await consumer.start()
    try:
        await produce(kafka, prefix + MEMBER_EVENTS.name, [sent(key, 1, LATER), sent(key, 2)])
        await watched.until(2)
    finally:
        await consumer.stop()
    assert [(record.type, record.key) for record in watched.seen] == [
        (LATER, str(key)),
        (KNOWN, str(key)),
    ]
    assert watched.seen[0].value == sent(key, 1).value
    assert await skipped(database, prefix + MEMBER_EVENTS.name) == (0, 0)


async def test_a_record_of_a_later_type_that_comes_twice_is_no_gap(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    late = sent(key, 2, LATER)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [sent(key, 1), late, late, sent(key, 3)])
        await watched.until(2)
    assert await desk.gaps() == []


@pytest.mark.parametrize("kind", ["", "orders.OrderPlaced", "marktbund.members.MemberMerged.v0"])
async def test_what_is_no_type_at_all_is_parked(
    database: Database, kafka: KafkaBroker, prefix: str, kind: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [sent(key, 1, kind)])
        [letter] = await desk.parked(1)
    assert letter.code == "unknown_type"


async def test_a_letter_repaired_into_a_later_type_is_not_applied(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    desk = Desk(database, prefix, watched)
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, desk.topic, [sent(key, 1, "")])
        [letter] = await desk.parked(1)
    headers = {name: value.decode() for name, value in sent(key, 1, LATER).headers}
    await desk.letters.repair(letter.id, OPERATOR, "its type", None, headers)
    replayed = await desk.letters.replay(letter.id, OPERATOR)
    assert (replayed.outcome, replayed.code) == ("failed", "unknown_type")


async def known_by_now(database: Database) -> None:
    """What a release before this one skipped, as if that had been a type of today."""
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE skipped_type SET type = :known WHERE type = :later AND repaired_at IS NULL"
            ),
            {"known": KNOWN, "later": LATER},
        )


async def test_what_was_passed_by_is_read_again_and_nothing_counts_twice(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key, other = Watched(), new_id(), new_id()
    topic = prefix + MEMBER_EVENTS.name
    first = [sent(key, 1), sent(key, 2, LATER), sent(other, 1)]
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, topic, first)
        await watched.until(2)
        await known_by_now(database)
        async with database.engine.begin() as connection:
            assert await reread(connection, KNOWN, prefix) == 1
        await produce(kafka, topic, [sent(other, 2)])
        await watched.until(3)
        async with asyncio.timeout(20):
            while await count(database, "consumer_offset", f"topic = '{topic}'") == 0:
                await asyncio.sleep(0.05)
    versions = {str(key): [], str(other): []}
    for record in watched.seen:
        versions[record.key].append(record.aggregate_version)
    assert (versions[str(key)], versions[str(other)]) == ([1], [1, 2])
    with pytest.raises(NotFound, match="nothing_skipped"):
        async with database.engine.begin() as connection:
            await reread(connection, KNOWN, prefix)


async def test_what_is_still_unknown_or_too_long_ago_is_not_read_again(
    database: Database, kafka: KafkaBroker, prefix: str
):
    watched, key = Watched(), new_id()
    topic = prefix + MEMBER_EVENTS.name
    async with hearing(database, kafka, prefix, watched):
        await produce(kafka, topic, [sent(key, 1, LATER), sent(key, 2)])
        await watched.until(1)
    with pytest.raises(NotFound, match="type_unknown"):
        async with database.engine.begin() as connection:
            await reread(connection, LATER, prefix)
    await known_by_now(database)
    async with database.engine.begin() as connection:
        await connection.execute(
            text("UPDATE skipped_type SET first_at = now() - '90 days'::interval")
        )
    with pytest.raises(Conflict, match="skipped_too_long_ago"):
        async with database.engine.begin() as connection:
            await reread(connection, KNOWN, prefix)


async def test_a_quiet_topic_is_read_again_too(database: Database, kafka: KafkaBroker, prefix: str):
    watched, key = Watched(), new_id()
    topic = prefix + MEMBER_EVENTS.name
    async with hearing(database, kafka, prefix, watched) as consumer:
        await produce(kafka, topic, [sent(key, 1), sent(key, 2, LATER), sent(key, 3)])
        await watched.until(2)
        await consumer.follow_stored()
        async with database.engine.begin() as connection:
            await connection.execute(
                text("UPDATE consumer_offset SET next_offset = 0 WHERE topic = :topic"),
                {"topic": topic},
            )
            await connection.execute(text("DELETE FROM inbox"))
        await consumer.follow_stored()
        await watched.until(4)
    assert [record.aggregate_version for record in watched.seen] == [1, 3, 1, 3]
