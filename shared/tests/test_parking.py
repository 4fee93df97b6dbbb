"""Dead letters on the consumer's side: kept as they came, and what waits behind them."""

from dataclasses import replace
from uuid import uuid4

import pytest
from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import dead_letters
from marktbund.consuming.dead_letters import Parked, cause_of, packed, topic_key, unpacked
from marktbund.envelope import PoisonError
from marktbund.jsons import loads

ME = "parking-me.v1"
RECORD = ConsumerRecord("parking.a", 2, 5, 0, 0, b"key", b"{", None, 0, 0, (("h", b"\xff"),))


async def letters(connection: AsyncConnection) -> list[tuple]:
    asked = text("""SELECT record_offset, key, value, code, cause, status FROM dead_letter
                     WHERE consumer = :c ORDER BY record_offset""")
    return [tuple(row) for row in await connection.execute(asked, {"c": ME})]


async def waiting(connection: AsyncConnection, *records: ConsumerRecord) -> set:
    return await dead_letters.quarantined(connection, ME, records)


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.none() | st.binary())))
def test_headers_come_back_as_they_came(headers: list[tuple[str, bytes | None]]):
    assert unpacked(loads(packed(headers))) == headers


def test_a_name_that_stands_twice_is_kept_twice():
    headers = [("a", b"1"), ("a", b"2"), ("a", None)]
    assert unpacked(loads(packed(headers))) == headers


def test_a_cause_is_a_code_and_a_sentence():
    assert cause_of(PoisonError("bad_json", "expected value")) == ("bad_json", "expected value")
    assert cause_of(ValueError("no")) == ("handler_failed", "ValueError: no")
    assert cause_of(KeyError("x")) == ("handler_failed", "KeyError: 'x'")


def test_a_cause_is_what_postgresql_can_keep():
    code, cause = cause_of(ValueError("a\0b" + "x" * 1000))
    assert code == "handler_failed"
    assert cause.startswith("ValueError: a\\0bxxx")
    assert len(cause) == 500


def test_without_a_key_a_record_holds_up_nobody():
    assert topic_key(RECORD) == ("parking.a", b"key")
    assert topic_key(replace(RECORD, key=b"")) == ("parking.a", b"")
    assert topic_key(replace(RECORD, key=None)) is None


async def test_a_record_is_kept_as_it_came(connection: AsyncConnection):
    spoilt = replace(RECORD, key=b"\x00\xff", value=b"\x00")
    bare = replace(RECORD, offset=6, key=None, value=None, headers=())
    await dead_letters.park(connection, ME, [Parked(spoilt, "a", "x\0y"), Parked(bare, "b", "")])
    assert await letters(connection) == [
        (5, b"\x00\xff", b"\x00", "a", "x\\0y", "parked"),
        (6, None, None, "b", "", "parked"),
    ]


async def test_nothing_is_parked_where_nothing_failed(connection: AsyncConnection):
    await dead_letters.park(connection, ME, [])
    assert await letters(connection) == []


async def test_a_record_that_comes_again_is_parked_once(connection: AsyncConnection):
    await dead_letters.park(connection, ME, [Parked(RECORD, "first", "")])
    await dead_letters.park(connection, ME, [Parked(RECORD, "second", "")])
    assert [letter[3] for letter in await letters(connection)] == ["first"]


async def test_once_it_is_settled_it_may_be_parked_anew(connection: AsyncConnection):
    await dead_letters.park(connection, ME, [Parked(RECORD, "first", "")])
    settle = text("UPDATE dead_letter SET status = 'discarded' WHERE consumer = :c")
    await connection.execute(settle, {"c": ME})
    await dead_letters.park(connection, ME, [Parked(RECORD, "second", "")])
    assert sorted(letter[5] for letter in await letters(connection)) == ["discarded", "parked"]


async def test_only_the_key_of_a_parked_record_waits(connection: AsyncConnection):
    await dead_letters.park(connection, ME, [Parked(RECORD, "a", "")])
    behind = replace(RECORD, offset=9, partition=0)
    other_key, other_topic = replace(RECORD, key=b"kez"), replace(RECORD, topic="parking.b")
    assert await waiting(connection, behind, other_key, other_topic) == {("parking.a", b"key")}
    assert await waiting(connection, other_key, other_topic) == set()


async def test_another_consumers_letters_hold_up_nobody_here(connection: AsyncConnection):
    await dead_letters.park(connection, "parking-other.v1", [Parked(RECORD, "a", "")])
    assert await waiting(connection, RECORD) == set()


@pytest.mark.parametrize("status", ["applied", "duplicate", "discarded"])
async def test_a_settled_letter_holds_up_nobody(connection: AsyncConnection, status: str):
    await dead_letters.park(connection, ME, [Parked(RECORD, "a", "")])
    settle = text("UPDATE dead_letter SET status = :s WHERE consumer = :c")
    await connection.execute(settle, {"s": status, "c": ME})
    assert await waiting(connection, RECORD) == set()


async def test_a_letter_without_a_key_makes_nobody_wait(connection: AsyncConnection):
    bare = replace(RECORD, key=None)
    await dead_letters.park(connection, ME, [Parked(bare, "a", "")])
    assert await waiting(connection, bare, RECORD) == set()
    assert await waiting(connection) == set()


async def test_a_key_longer_than_an_index_entry_waits_too(connection: AsyncConnection):
    long = replace(RECORD, key=uuid4().bytes * 1000)
    almost = replace(long, key=long.key + b"x")
    await dead_letters.park(connection, ME, [Parked(long, "a", "")])
    assert await waiting(connection, almost, long) == {("parking.a", long.key)}
