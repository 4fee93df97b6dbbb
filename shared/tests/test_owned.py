"""What a database accounts for of its own topics: its rows, and what an operator has given up."""

import pytest
from sqlalchemy import Column, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import MetaData

from marktbund.ahead.owned import Owned, counted, everything, known_versions
from marktbund.contracts.members import MEMBER_EVENTS, MEMBER_STATE, UNIT_EVENTS
from marktbund.feeds import StateFeed

ROWS = Owned(
    MEMBER_EVENTS,
    "SELECT key, version FROM (VALUES ('a', 3), ('b', 1)) AS v (key, version)"
    " WHERE key = ANY(CAST(:keys AS text[]))",
)


async def floor(
    connection: AsyncConnection, topic: str, key: str, version: int, *, decided: bool
) -> None:
    put = text("INSERT INTO version_floor VALUES (:topic, :key, :version, :decided)")
    values = {"topic": topic, "key": key, "version": version, "decided": decided}
    await connection.execute(put, values)


async def test_keys_that_were_not_asked_for_or_are_unknown_are_left_out(
    connection: AsyncConnection,
):
    assert await known_versions(connection, ROWS, ["a", "c"]) == {"a": 3}
    assert await known_versions(connection, ROWS, []) == {}


@pytest.mark.parametrize(
    ("version", "decided", "known"),
    [(5, True, 5), (2, True, 3), (5, False, 3)],
    ids=["given up above", "given up below", "not decided"],
)
async def test_what_was_given_up_is_accounted_for_once_it_is_decided(
    connection: AsyncConnection, version: int, decided: bool, known: int
):
    await floor(connection, MEMBER_EVENTS.name, "a", version, decided=decided)
    assert await known_versions(connection, ROWS, ["a", "b"]) == {"a": known, "b": 1}


async def test_a_key_without_a_row_is_known_by_what_was_given_up(connection: AsyncConnection):
    await floor(connection, MEMBER_EVENTS.name, "gone", 4, decided=True)
    assert await known_versions(connection, ROWS, ["gone"]) == {"gone": 4}


async def test_what_was_given_up_of_another_topic_says_nothing_here(connection: AsyncConnection):
    await floor(connection, UNIT_EVENTS.name, "a", 9, decided=True)
    assert await known_versions(connection, ROWS, ["a"]) == {"a": 3}


async def test_a_column_of_the_own_table_counts(connection: AsyncConnection):
    person = "00000000-0000-7000-8000-0000000000aa"
    put = text("""INSERT INTO principal (person_id, sub, kind, active, grants, mandates, version)
                  VALUES (CAST(:id AS uuid), 'owned-test', 'person', true, '[]', '[]', 7)""")
    await connection.execute(put, {"id": person})
    owned = counted(MEMBER_EVENTS, "principal", "person_id")
    unknown = "00000000-0000-7000-8000-0000000000ab"
    assert await known_versions(connection, owned, [person, unknown]) == {person: 7}


def test_states_are_own_topics_too():
    table = Table("member", MetaData(), Column("member_id", Text))
    feed = StateFeed(table, "member_id", MEMBER_STATE, lambda _: None)
    own = everything([ROWS], [feed])
    assert own == {MEMBER_EVENTS: ROWS, MEMBER_STATE: counted(MEMBER_STATE, "member", "member_id")}
    assert everything([], []) == {}
