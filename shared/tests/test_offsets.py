"""Stored offsets: where a partition goes on, who may move it, and what stops a consumer."""

import pytest
from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import offsets
from marktbund.consuming.offsets import ForeignLogError, OffsetsMovedError, Tally
from marktbund.failures import is_transient
from marktbund.topics import LogIdentity

ME, OTHER = "offsets-me.v1", "offsets-other.v1"
A0, A1, B0 = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)
LOG = LogIdentity("cluster", {"a": "id-a", "b": "id-b"})


async def began(connection: AsyncConnection, consumer: str = ME) -> dict[TopicPartition, int]:
    return await offsets.resume(connection, consumer, [A0, A1, B0], LOG)


async def counts(connection: AsyncConnection, partition: TopicPartition) -> tuple[int, ...]:
    """Next offset, applied, duplicates, parked, skipped."""
    asked = text("""SELECT next_offset, applied, duplicates, parked, skipped FROM consumer_offset
                     WHERE consumer = :c AND topic = :topic AND partition = :number""")
    values = {"c": ME, "topic": partition.topic, "number": partition.partition}
    return tuple((await connection.execute(asked, values)).one())


async def test_new_partitions_begin_at_the_beginning(connection: AsyncConnection):
    assert await began(connection) == {A0: 0, A1: 0, B0: 0}
    assert await offsets.resume(connection, ME, [], LOG) == {}


async def test_a_partition_goes_on_where_it_stood(connection: AsyncConnection):
    await began(connection)
    await offsets.advance(connection, ME, {A1: Tally(12)})
    assert await began(connection) == {A0: 0, A1: 12, B0: 0}
    assert await offsets.resume(connection, ME, [A1], LOG) == {A1: 12}


async def test_consumers_stand_apart(connection: AsyncConnection):
    await began(connection)
    await began(connection, OTHER)
    await offsets.advance(connection, OTHER, {A0: Tally(99)})
    assert (await began(connection))[A0] == 0
    assert (await began(connection, OTHER))[A0] == 99


@pytest.mark.parametrize(
    ("identity", "named"),
    [
        (LogIdentity("another", {"a": "id-a", "b": "id-b"}), "a: stored cluster/id-a"),
        (LogIdentity("cluster", {"a": "id-a", "b": "anew"}), "b: stored cluster/id-b"),
    ],
)
async def test_another_log_under_the_same_names_stops_the_consumer(
    connection: AsyncConnection, identity: LogIdentity, named: str
):
    await began(connection)
    with pytest.raises(ForeignLogError, match=named):
        await offsets.resume(connection, ME, [A0, B0], identity)


async def test_a_topic_made_anew_concerns_its_own_partitions_alone(connection: AsyncConnection):
    await began(connection)
    changed = LogIdentity("cluster", {"a": "id-a", "b": "anew"})
    assert await offsets.resume(connection, ME, [A0, A1], changed) == {A0: 0, A1: 0}


async def test_who_expects_what_is_stored_gets_the_lock(connection: AsyncConnection):
    await began(connection)
    await offsets.advance(connection, ME, {A0: Tally(3)})
    await offsets.lock(connection, ME, {A0: 3, B0: 0})


@pytest.mark.parametrize("expected", [2, 4, None], ids=["behind", "ahead", "never sought"])
async def test_who_expects_anything_else_must_seek_again(
    connection: AsyncConnection, expected: int | None
):
    await began(connection)
    await offsets.advance(connection, ME, {A0: Tally(3)})
    with pytest.raises(OffsetsMovedError) as moved:
        await offsets.lock(connection, ME, {B0: 0, A0: expected})
    assert is_transient(moved.value)


async def test_a_partition_that_was_never_assigned_is_not_worked_on(connection: AsyncConnection):
    with pytest.raises(OffsetsMovedError):
        await offsets.lock(connection, ME, {A0: 0})


async def test_a_paused_owner_comes_too_late(connection: AsyncConnection):
    before = await began(connection)
    await offsets.lock(connection, ME, {A0: before[A0]})
    await offsets.advance(connection, ME, {A0: Tally(10, applied=10)})
    with pytest.raises(OffsetsMovedError):
        await offsets.lock(connection, ME, {A0: before[A0]})
    assert await counts(connection, A0) == (10, 10, 0, 0, 0)


async def test_a_database_put_back_is_noticed_by_the_next_batch(connection: AsyncConnection):
    await began(connection)
    await offsets.advance(connection, ME, {A0: Tally(10)})
    await connection.execute(text("UPDATE consumer_offset SET next_offset = 4"))
    with pytest.raises(OffsetsMovedError):
        await offsets.lock(connection, ME, {A0: 10})
    assert await offsets.stored(connection, ME, [A0, TopicPartition("c", 0)]) == {A0: 4}


async def test_what_became_of_records_is_added_up(connection: AsyncConnection):
    await began(connection)
    await offsets.advance(connection, ME, {A0: Tally(5, 2, 1, 1, 1), A1: Tally(1, applied=1)})
    await offsets.advance(connection, ME, {A0: Tally(9, 0, 4)})
    assert await counts(connection, A0) == (9, 2, 5, 1, 1)
    assert await counts(connection, A1) == (1, 1, 0, 0, 0)
    assert await counts(connection, B0) == (0, 0, 0, 0, 0)
