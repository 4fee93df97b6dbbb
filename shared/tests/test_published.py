"""How far the log is known to hold what was announced: forward by sending, back by an operator."""

from aiokafka import TopicPartition
from aiokafka.structs import RecordMetadata
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import published

A, B = ("published.test.events.v1", 0), ("published.test.events.v1", 7)
"""Partitions of a topic that nobody sends to."""


def confirmed(topic: str, partition: int, offset: int) -> RecordMetadata:
    at = TopicPartition(topic, partition)
    return RecordMetadata(topic, partition, at, offset, 0, 0, 0)


async def stored(connection: AsyncConnection) -> dict[published.LogPartition, int]:
    """What was noted of these two."""
    noted = await published.stored(connection)
    return {partition: noted[partition] for partition in (A, B) if partition in noted}


def test_a_partition_goes_on_after_its_last_confirmed_record():
    records = [confirmed("t1_a", 0, 4), confirmed("t1_a", 0, 5), confirmed("t1_a", 3, 9)]
    assert published.reached(records, "t1_") == {("a", 0): 6, ("a", 3): 10}


def test_a_repeated_batch_that_names_no_offset_moves_nothing():
    records = [confirmed("a", 0, 5), confirmed("a", 0, -1)]
    assert published.reached(records, "") == {("a", 0): 6}
    assert published.reached([confirmed("a", 0, -1)], "") == {("a", 0): 0}


def test_only_the_prefix_is_taken_off():
    assert published.reached([confirmed("t1_t1_a", 0, 0)], "t1_") == {("t1_a", 0): 1}
    assert published.reached([], "t1_") == {}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 50))))
def test_the_order_of_confirmations_does_not_matter(records: list[tuple[int, int]]):
    made = [confirmed("a", partition, offset) for partition, offset in records]
    assert published.reached(made, "") == published.reached(made[::-1], "")


async def test_what_was_noted_goes_forward_and_never_back(connection: AsyncConnection):
    await published.note(connection, {A: 5, B: 1})
    await published.note(connection, {A: 3})
    assert await stored(connection) == {A: 5, B: 1}
    await published.note(connection, {A: 6, B: 1})
    assert await stored(connection) == {A: 6, B: 1}


async def test_a_partition_without_a_row_was_never_sent_to(connection: AsyncConnection):
    assert await stored(connection) == {}
    await published.note(connection, {})
    await published.lower(connection, {A: 3})
    assert await stored(connection) == {}


async def test_a_log_made_anew_lowers_what_lies_beyond_its_end_alone(connection: AsyncConnection):
    await published.note(connection, {A: 40, B: 2})
    await published.lower(connection, {A: 7, B: 9})
    assert await stored(connection) == {A: 7, B: 2}
    await published.note(connection, {A: 8})
    assert await stored(connection) == {A: 8, B: 2}
