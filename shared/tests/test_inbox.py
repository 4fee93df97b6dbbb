"""The inbox: what was seen before is suppressed, and each aggregate's versions are followed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import Inbox
from marktbund.consuming.inbox import ensure_partitions
from marktbund.contracts.members import (
    MEMBER_EVENTS,
    MEMBER_STATE,
    UNIT_EVENTS,
    MemberState,
    MemberStatusChanged,
)
from marktbund.envelope import Origin, Received, Unread
from marktbund.ids import new_id

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def inbox() -> Inbox:
    """Of a consumer that no other test knows."""
    return Inbox(f"inbox-{new_id().hex}")


def fact(key: UUID, version: int, event_id: UUID | None = None) -> Received:
    event = MemberStatusChanged(version=version, member_id=key, status="active")
    return Received(
        topic=MEMBER_EVENTS,
        partition=0,
        offset=version,
        key=str(key),
        event_id=event_id or new_id(),
        type=event.type_name(),
        time=NOW,
        aggregate_version=version,
        origin=Origin("c"),
        event=event,
        value=b"{}",
    )


def state(key: UUID, version: int) -> Received:
    event = MemberState(
        version=version,
        member_id=key,
        name="Stadt",
        legal_form="other",
        official_key="1",
        status="active",
    )
    return replace(fact(key, version), topic=MEMBER_STATE, type=event.type_name(), event=event)


async def gaps(connection: AsyncConnection, inbox: Inbox) -> list[tuple[str, int, int]]:
    asked = text("SELECT key, expected, got FROM version_gap WHERE consumer = :c ORDER BY key, got")
    return [tuple(row) for row in await connection.execute(asked, {"c": inbox.consumer})]


async def reached(connection: AsyncConnection, inbox: Inbox) -> dict[tuple[str, str], int]:
    asked = text("SELECT topic, key, version FROM aggregate_position WHERE consumer = :c")
    rows = await connection.execute(asked, {"c": inbox.consumer})
    return {(row.topic, row.key): row.version for row in rows}


async def test_what_is_new_enters_in_the_order_given(connection: AsyncConnection, inbox: Inbox):
    records = [fact(new_id(), 1) for _ in range(20)]
    assert await inbox.enter(connection, records) == records


async def test_what_was_seen_before_does_not_enter(connection: AsyncConnection, inbox: Inbox):
    first, second, third = (fact(new_id(), 1) for _ in range(3))
    await inbox.enter(connection, [first, second])
    assert await inbox.enter(connection, [second, third, first]) == [third]
    assert await inbox.enter(connection, [first, second, third]) == []


async def test_an_event_twice_in_a_batch_enters_once_and_first(
    connection: AsyncConnection, inbox: Inbox
):
    first = fact(new_id(), 1)
    again = replace(first, offset=99)
    assert await inbox.enter(connection, [first, again]) == [first]


async def test_consumers_do_not_suppress_each_others_events(
    connection: AsyncConnection, inbox: Inbox
):
    record = fact(new_id(), 1)
    await inbox.enter(connection, [record])
    other = Inbox(f"{inbox.consumer}-other")
    assert await other.enter(connection, [record]) == [record]


async def test_states_pass_every_time_and_stand_where_they_stood(
    connection: AsyncConnection, inbox: Inbox
):
    key = new_id()
    records = [state(key, 1), fact(key, 1), state(key, 2)]
    assert await inbox.enter(connection, records) == records
    assert await inbox.enter(connection, records) == [records[0], records[2]]
    assert await inbox.enter(connection, records[:1]) == records[:1]
    assert await inbox.enter(connection, []) == []


async def test_versions_without_a_gap_are_followed(connection: AsyncConnection, inbox: Inbox):
    key, other = new_id(), new_id()
    batch = [fact(key, 1), fact(other, 1), fact(key, 2)]
    assert await inbox.follow(connection, batch) == 0
    assert await inbox.follow(connection, [fact(key, 3)]) == 0
    topic = MEMBER_EVENTS.name
    expected = {(topic, str(key)): 3, (topic, str(other)): 1}
    assert await reached(connection, inbox) == expected


@pytest.mark.parametrize(
    ("versions", "seen"),
    [
        ([2], [(1, 2)]),
        ([1, 3], [(2, 3)]),
        ([1, 2, 5, 6], [(3, 5)]),
        ([1, 4, 9], [(2, 4), (5, 9)]),
        ([1, 3, 2], [(4, 2), (2, 3)]),
    ],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "a batch each"])
async def test_a_jump_is_kept_with_what_was_expected(
    connection: AsyncConnection,
    inbox: Inbox,
    versions: list[int],
    seen: list[tuple[int, int]],
    at_once: bool,
):
    key = new_id()
    records = [fact(key, version) for version in versions]
    if at_once:
        assert await inbox.follow(connection, records) == len(seen)
    else:
        assert sum([await inbox.follow(connection, [record]) for record in records]) == len(seen)
    assert await gaps(connection, inbox) == [(str(key), *jump) for jump in sorted(seen, key=last)]
    assert await reached(connection, inbox) == {(MEMBER_EVENTS.name, str(key)): max(versions)}


def last(jump: tuple[int, int]) -> int:
    return jump[1]


async def test_a_gap_of_one_key_says_nothing_about_another(
    connection: AsyncConnection, inbox: Inbox
):
    key, other = new_id(), new_id()
    assert await inbox.follow(connection, [fact(key, 7), fact(other, 1), fact(other, 2)]) == 1
    assert await gaps(connection, inbox) == [(str(key), 1, 7)]


async def test_a_key_is_followed_per_topic(connection: AsyncConnection, inbox: Inbox):
    key = new_id()
    elsewhere = replace(fact(key, 1), topic=UNIT_EVENTS)
    assert await inbox.follow(connection, [fact(key, 1), elsewhere, fact(key, 2)]) == 0
    assert await inbox.follow(connection, [replace(fact(key, 3), topic=UNIT_EVENTS)]) == 1


async def test_states_have_no_gaps(connection: AsyncConnection, inbox: Inbox):
    key = new_id()
    assert await inbox.follow(connection, [state(key, 9), state(key, 2)]) == 0
    assert await reached(connection, inbox) == {}


async def test_a_skipped_record_that_comes_twice_is_followed_once(
    connection: AsyncConnection, inbox: Inbox
):
    key = new_id()
    later = replace(fact(key, 2), event=Unread(version=2, record_key=str(key)))
    assert await inbox.follow(connection, [fact(key, 1), later, later, fact(key, 3)]) == 0
    assert await inbox.follow(connection, [later]) == 0
    assert await reached(connection, inbox) == {(MEMBER_EVENTS.name, str(key)): 3}


async def test_a_skipped_record_far_ahead_is_a_gap_all_the_same(
    connection: AsyncConnection, inbox: Inbox
):
    key = new_id()
    later = replace(fact(key, 5), event=Unread(version=5, record_key=str(key)))
    assert await inbox.follow(connection, [fact(key, 1), later]) == 1
    assert await gaps(connection, inbox) == [(str(key), 2, 5)]


@pytest.mark.parametrize(
    ("today", "names"),
    [
        (date(2031, 1, 1), {"inbox_203101", "inbox_203102"}),
        (date(2031, 1, 31), {"inbox_203101", "inbox_203102"}),
        (date(2031, 12, 31), {"inbox_203112", "inbox_203201"}),
        (date(2032, 2, 29), {"inbox_203202", "inbox_203203"}),
    ],
)
async def test_this_month_and_the_next_have_a_partition(
    connection: AsyncConnection, today: date, names: set[str]
):
    await ensure_partitions(connection, today)
    await ensure_partitions(connection, today)
    asked = text("SELECT relname FROM pg_class WHERE relname = ANY(:names) AND relispartition")
    rows = await connection.execute(asked, {"names": sorted(names)})
    assert set(rows.scalars()) == names
