"""State feeds: every newest version is published, and what moved on meanwhile once more."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Row, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.members import MEMBER_STATE, MemberState
from marktbund.feeds import StateFeed
from marktbund.ids import new_id

MEMBER = Table(
    "member",
    MetaData(),
    Column("member_id", Uuid, primary_key=True),
    Column("name", Text),
    Column("version", BigInteger),
    Column("published_version", BigInteger),
)


def to_state(row: Row[Any]) -> MemberState:
    return MemberState(
        version=row.version,
        member_id=row.member_id,
        name=row.name,
        legal_form="other",
        official_key=str(row.member_id),
        status="active",
    )


FEED = StateFeed(MEMBER, "member_id", MEMBER_STATE, to_state)


@pytest.fixture
async def members(connection: AsyncConnection) -> list[UUID]:
    """Three members in version 1, none of them published."""
    ids = sorted(new_id() for _ in range(3))
    await connection.execute(
        text(
            "INSERT INTO member (member_id, name, legal_form, official_key, status, version)"
            " SELECT id, 'Musterstadt', 'other', id::text, 'active', 1"
            "   FROM unnest(CAST(:ids AS uuid[])) AS id"
        ),
        {"ids": ids},
    )
    return ids


async def change(connection: AsyncConnection, *ids: UUID) -> None:
    await connection.execute(
        text("UPDATE member SET version = version + 1 WHERE member_id = ANY(:ids)"),
        {"ids": list(ids)},
    )


async def pending(connection: AsyncConnection, limit: int = 100) -> list[Row[Any]]:
    return list(await connection.execute(FEED.unpublished(limit)))


async def test_what_was_never_published_is_next_in_order(connection, members):
    assert [row.member_id for row in await pending(connection)] == members
    assert [row.member_id for row in await pending(connection, 2)] == members[:2]
    states = [FEED.to_state(row) for row in await pending(connection)]
    assert {(state.version, state.name) for state in states} == {(1, "Musterstadt")}


async def test_what_was_sent_is_pending_no_more(connection, members):
    await FEED.mark(connection, await pending(connection, 2))
    assert [row.member_id for row in await pending(connection)] == members[2:]
    await FEED.mark(connection, await pending(connection))
    assert await pending(connection) == []


async def test_what_moved_on_while_it_was_sent_stays_pending(connection, members):
    sending = await pending(connection)
    await change(connection, members[1])
    await FEED.mark(connection, sending)
    (row,) = await pending(connection)
    assert (row.member_id, row.version, row.published_version) == (members[1], 2, 1)


async def test_a_late_mark_takes_nothing_back(connection, members):
    slow = await pending(connection)
    await change(connection, *members)
    await FEED.mark(connection, await pending(connection))
    await FEED.mark(connection, slow)
    assert await pending(connection) == []
    published = await connection.execute(text("SELECT DISTINCT published_version FROM member"))
    assert published.scalars().all() == [2]


async def test_looking_for_work_reads_the_partial_index(connection, members):
    await FEED.mark(connection, await pending(connection))
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = await connection.execute(
        text("EXPLAIN SELECT 1 FROM member WHERE published_version < version")
    )
    assert "member_unpublished" in "\n".join(plan.scalars())


async def test_a_batch_ends_once_it_is_long(connection: AsyncConnection, members: list[UUID]):
    await connection.execute(text("UPDATE member SET name = repeat('ä', 1000)"))

    async def batch(most_bytes: int) -> list[UUID]:
        rows = await connection.execute(FEED.unpublished(100, most_bytes))
        return [row.member_id for row in rows]

    assert await batch(1) == members[:1]
    assert await batch(2_000) == members[:1]
    assert await batch(2_001) == members[:2]
    assert await batch(8_000_000) == members
