"""Own facts taken back from the log: once, in order, and what the log has is not said again."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund import clock, published
from marktbund.ahead import TakesOver
from marktbund.ahead.finding import Ahead
from marktbund.ahead.taking_over import Repeating, Taker
from marktbund.contracts.base import Message
from marktbund.contracts.members import MEMBER_EVENTS, MemberStatusChanged
from marktbund.envelope import Received
from marktbund.failures import TransientError
from marktbund.ids import new_id
from marktbund.testing.databases import PinnedDatabase
from marktbund.testing.records import received
from marktbund.unit_of_work import Database, UnitOfWork

from .forgetting import OWNED, keep
from .test_delivery import ORIGIN, event

KIND = MemberStatusChanged.type_name()
PARTITION = 902
"""One that no other test writes to."""


def taker_of(connection: AsyncConnection, takes_over: TakesOver) -> Taker:
    return Taker(PinnedDatabase(connection, "members"), "", OWNED, takes_over)


def record(key: UUID, version: int, offset: int = 0) -> Received:
    return received(event(key, version), offset=offset, partition=PARTITION)


async def version_of(connection: AsyncConnection, key: UUID) -> int | None:
    asked = text("SELECT version FROM member WHERE member_id = :id")
    return await connection.scalar(asked, {"id": key})


async def noted(connection: AsyncConnection) -> int | None:
    return (await published.stored(connection)).get((MEMBER_EVENTS.name, PARTITION))


async def test_facts_come_back_in_order_and_a_page_counts_once(connection: AsyncConnection):
    taker, key = taker_of(connection, {MemberStatusChanged: keep}), new_id()
    page = [record(key, 1), record(key, 2, 1), record(key, 3, 2)]
    await taker.take(page)
    assert (taker.taken, await version_of(connection, key)) == (3, 3)
    await taker.take(page)
    assert (taker.taken, await version_of(connection, key)) == (3, 3)


async def test_what_is_older_than_the_row_changes_nothing(connection: AsyncConnection):
    taker, key = taker_of(connection, {MemberStatusChanged: keep}), new_id()
    await taker.take([record(key, 5)])
    await taker.take([record(key, 4, 1), record(key, 6, 2)])
    assert (taker.taken, await version_of(connection, key)) == (2, 6)


async def test_how_far_was_read_is_noted_for_topics_taken_over_whole(connection: AsyncConnection):
    key = new_id()
    await taker_of(connection, {}).take([record(key, 1, 7)])
    assert await noted(connection) is None
    await taker_of(connection, {MemberStatusChanged: None}).take([record(key, 1, 7)])
    assert await noted(connection) == 8


async def test_what_another_message_brings_is_passed_by(connection: AsyncConnection):
    taker, key = taker_of(connection, {MemberStatusChanged: None}), new_id()
    await taker.take([record(key, 1)])
    assert (taker.taken, await version_of(connection, key)) == (0, None)


async def test_what_a_handler_refuses_leaves_no_trace_and_holds_up_nobody(
    connection: AsyncConnection,
):
    refused, other = new_id(), new_id()

    async def choosy(changed: Message, uow: UnitOfWork) -> None:
        await keep(changed, uow)
        if changed.key == str(refused):
            raise ValueError("not this one")

    taker = taker_of(connection, {MemberStatusChanged: choosy})
    await taker.take([record(refused, 1), record(other, 1, 1)])
    assert taker.taken == 1
    assert await version_of(connection, refused) is None
    assert await version_of(connection, other) == 1


async def test_what_may_work_later_keeps_nothing_of_the_page(connection: AsyncConnection):
    first, second = new_id(), new_id()

    async def tired(changed: Message, uow: UnitOfWork) -> None:
        if changed.key == str(second):
            raise TransientError
        await keep(changed, uow)

    taker = taker_of(connection, {MemberStatusChanged: tired})
    with pytest.raises(TransientError):
        await taker.take([record(first, 1), record(second, 1, 1)])
    assert (taker.taken, await version_of(connection, first)) == (0, None)
    assert await noted(connection) is None


async def test_a_fact_is_dated_by_its_own_business_time(connection: AsyncConnection):
    seen = []

    async def note(_: Message, uow: UnitOfWork) -> None:
        seen.append((uow.business_now, uow.origin.correlation_id))

    then = clock.now().replace(year=2024)
    dated = replace(record(new_id(), 1), origin=replace(ORIGIN, business_time=then))
    await taker_of(connection, {MemberStatusChanged: note}).take([dated])
    assert seen == [(then, "test")]


def log_with(types: Mapping[str, Mapping[int, str]]) -> Mapping[object, Ahead]:
    records = sum(map(len, types.values()))
    kept = {key: dict(versions) for key, versions in types.items()}
    return {MEMBER_EVENTS: Ahead(MEMBER_EVENTS, records, kept)}


async def announced(
    connection: AsyncConnection, repeating: Repeating, *events: Message, written: bool = False
) -> list[tuple[str, str]]:
    """What went to the outbox: key and version. written: by the handler, before the commit."""
    await connection.execute(text("DELETE FROM outbox"))
    unit = repeating.unit(connection, ORIGIN)
    unit.announce(*events)
    if written:
        await unit.write()
    await repeating.flush(unit)
    rows = await connection.execute(
        text("SELECT aggregateid, headers->>'aggregate_version' FROM outbox ORDER BY seq")
    )
    return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("written", [False, True])
async def test_what_the_log_has_under_the_same_version_and_type_is_not_announced(
    connection: AsyncConnection, engine: AsyncEngine, written: bool
):
    key, other = new_id(), new_id()
    log = log_with({str(key): {2: KIND, 3: "marktbund.members.MemberAdmitted.v1"}})
    repeating = Repeating(Database(engine, "members"), log)
    events = [event(key, 2), event(key, 3), event(key, 4), event(other, 2)]
    wanted = [(str(key), "3"), (str(key), "4"), (str(other), "2")]
    assert await announced(connection, repeating, *events, written=written) == wanted
    assert repeating.repeated == 1


async def test_with_nothing_ahead_all_is_announced(
    connection: AsyncConnection, engine: AsyncEngine
):
    repeating, key = Repeating(Database(engine, "members"), {}), new_id()
    assert await announced(connection, repeating, event(key, 1)) == [(str(key), "1")]
    assert await announced(connection, repeating) == []
    assert repeating.repeated == 0
