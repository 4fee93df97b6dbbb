"""What a reader passed by is kept: where it began, how many there were, whether it is mended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming import skipping
from marktbund.contracts.members import MEMBER_EVENTS, UNIT_EVENTS, MemberStatusChanged
from marktbund.envelope import Origin, Received, Unread
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from marktbund.rereading import reread

ME = "kept-me.v1"
LATER = "marktbund.members.MemberMerged.v1"
KNOWN = MemberStatusChanged.type_name()


def later(offset: int, partition: int = 0, kind: str = LATER) -> Received:
    return Received(
        topic=MEMBER_EVENTS,
        partition=partition,
        offset=offset,
        key="k",
        event_id=new_id(),
        type=kind,
        time=datetime(2026, 12, 1, tzinfo=UTC),
        aggregate_version=1,
        origin=Origin("c"),
        event=Unread(version=1, record_key="k"),
        value=b"{}",
    )


async def kept(connection: AsyncConnection) -> list[tuple[str, str, int, int, int]]:
    """Topic, type, partition, first offset and records of what is not mended."""
    asked = text("""SELECT topic, type, partition, first_offset, records FROM skipped_type
                     WHERE consumer = :c AND repaired_at IS NULL ORDER BY 1, 2, 3""")
    return [tuple(row) for row in await connection.execute(asked, {"c": ME})]


async def change(connection: AsyncConnection, setting: str) -> None:
    await connection.execute(text(f"UPDATE skipped_type SET {setting} WHERE consumer = '{ME}'"))


async def offset_of(connection: AsyncConnection, partition: int) -> int:
    asked = text("""SELECT next_offset FROM consumer_offset
                     WHERE consumer = :c AND partition = :p""")
    return int(await connection.scalar(asked, {"c": ME, "p": partition}))


@pytest.fixture
async def read_until(connection: AsyncConnection) -> None:
    """Partitions 0 and 1 were read to offsets 50 and 60; nothing else is due in this database."""
    await connection.execute(text("UPDATE skipped_type SET repaired_at = now()"))
    put = text("""INSERT INTO consumer_offset
                      (consumer, topic, partition, next_offset, cluster_id, topic_id)
                  VALUES (:c, :topic, 0, 50, 'c', 't'), (:c, :topic, 1, 60, 'c', 't')""")
    await connection.execute(put, {"c": ME, "topic": f"p_{MEMBER_EVENTS.name}"})


async def test_nothing_passed_by_is_nothing_kept(connection: AsyncConnection):
    await skipping.note(connection, ME, [])
    assert await kept(connection) == []


async def test_where_it_began_and_how_many_there_were(connection: AsyncConnection):
    await skipping.note(connection, ME, [later(7), later(9), later(3, partition=1)])
    await skipping.note(connection, ME, [later(12), later(2, partition=1)])
    name = MEMBER_EVENTS.name
    assert await kept(connection) == [(name, LATER, 0, 7, 3), (name, LATER, 1, 3, 2)]


async def test_types_and_topics_are_kept_apart(connection: AsyncConnection):
    other = "marktbund.members.UnitMerged.v1"
    elsewhere = replace(later(1, kind=other), topic=UNIT_EVENTS)
    await skipping.note(connection, ME, [later(5), later(6, kind=other), elsewhere])
    assert await kept(connection) == [
        (MEMBER_EVENTS.name, LATER, 0, 5, 1),
        (MEMBER_EVENTS.name, other, 0, 6, 1),
        (UNIT_EVENTS.name, other, 0, 1, 1),
    ]


async def test_what_is_passed_by_after_it_was_mended_begins_anew(connection: AsyncConnection):
    await skipping.note(connection, ME, [later(7)])
    await change(connection, "repaired_at = now(), first_at = now() - '3 days'::interval")
    assert await kept(connection) == []
    await skipping.note(connection, ME, [later(40), later(41)])
    assert await kept(connection) == [(MEMBER_EVENTS.name, LATER, 0, 40, 3)]
    asked = text("SELECT now() - first_at FROM skipped_type WHERE consumer = :c")
    assert await connection.scalar(asked, {"c": ME}) == timedelta(0)


@pytest.mark.usefixtures("read_until")
async def test_reading_again_sets_each_partition_back_to_where_it_began(
    connection: AsyncConnection,
):
    await skipping.note(connection, ME, [later(7, kind=KNOWN), later(9, 1, KNOWN)])
    assert await reread(connection, KNOWN, "p_") == 2
    assert (await offset_of(connection, 0), await offset_of(connection, 1)) == (7, 9)
    assert await kept(connection) == []
    with pytest.raises(NotFound, match="nothing_skipped"):
        await reread(connection, KNOWN, "p_")


@pytest.mark.usefixtures("read_until")
async def test_reading_again_never_goes_forward(connection: AsyncConnection):
    await skipping.note(connection, ME, [later(55, kind=KNOWN)])
    await reread(connection, KNOWN, "p_")
    assert await offset_of(connection, 0) == 50


@pytest.mark.usefixtures("read_until")
async def test_other_types_stay_passed_by(connection: AsyncConnection):
    await skipping.note(connection, ME, [later(7, kind=KNOWN), later(8)])
    await reread(connection, KNOWN, "p_")
    assert await kept(connection) == [(MEMBER_EVENTS.name, LATER, 0, 8, 1)]
    with pytest.raises(NotFound, match="type_unknown"):
        await reread(connection, LATER, "p_")


@pytest.mark.usefixtures("read_until")
@pytest.mark.parametrize(("days", "refused"), [(84, False), (86, True)])
async def test_only_as_far_back_as_the_inbox_reaches_and_a_week_less(
    connection: AsyncConnection, days: int, refused: bool
):
    await skipping.note(connection, ME, [later(7, kind=KNOWN)])
    await change(connection, f"first_at = now() - '{days} days'::interval")
    if refused:
        with pytest.raises(Conflict, match="skipped_too_long_ago"):
            await reread(connection, KNOWN, "p_")
        assert await offset_of(connection, 0) == 50
    else:
        assert await reread(connection, KNOWN, "p_") == 1
