"""A unit of work by itself: what it announces, what it keeps, when it wakes whoever waits."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock
from marktbund.contracts.members import MemberStatusChanged
from marktbund.envelope import Origin
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.testing.databases import PinnedDatabase
from marktbund.unit_of_work import UnitOfWork

FIRST, SECOND = Origin("first"), Origin("second")
LATER = datetime(2019, 5, 1, tzinfo=UTC)
FLOORS = "INSERT INTO version_floor (topic, key, version) VALUES ('own.t', :floor, 1) RETURNING 1"


@pytest.fixture
def database(connection: AsyncConnection) -> PinnedDatabase:
    return PinnedDatabase(connection, "members")


def changed(version: int = 1) -> MemberStatusChanged:
    return MemberStatusChanged(version=version, member_id=new_id(), status="active")


def floor(key: str, shown: str = "(SELECT count(*) FROM put)") -> Clause:
    return Clause("put", FLOORS, {"floor": key}, shown)


def beside(key: str) -> Clause:
    query = "INSERT INTO version_floor (topic, key, version) VALUES ('own.u', :beside, 1)"
    return Clause("beside", query, {"beside": key})


async def counted(database: PinnedDatabase, table: str) -> int:
    # A name of this file; floors of its own topics, for other tests commit theirs.
    own = " WHERE topic IN ('own.t', 'own.u')" if table == "version_floor" else ""
    query = f"SELECT count(*) FROM {table}{own}"
    return int((await database.connection.exec_driver_sql(query)).scalar_one())


def unit(origin: Origin = FIRST, **more) -> UnitOfWork:
    return UnitOfWork(None, origin, clock.now(), **more)


def test_business_time_is_the_origins_and_else_the_systems():
    plain = unit()
    assert plain.business_now == plain.now
    driven = unit(Origin("x", business_time=LATER, demo=True))
    assert driven.business_now == LATER
    assert driven.now - LATER > timedelta(days=365)


def test_what_was_announced_is_handed_over_once_and_in_order():
    uow = unit()
    events = [changed(version) for version in (1, 2, 3)]
    uow.announce(*events[:2])
    uow.announce(events[2], origin=SECOND)
    assert uow.take_announced() == [(events[0], FIRST), (events[1], FIRST), (events[2], SECOND)]
    assert uow.take_announced() == []


async def test_nothing_to_write_is_no_statement():
    uow = unit(source="members")
    await uow.write()  # without a connection


async def test_parts_events_and_answer_are_one_statement(database: PinnedDatabase):
    async with database.begin(FIRST) as uow:
        uow.announce(changed())
        uow.keep(floor("answer"), Conflict("in_flight", "Noch nicht"))
        await uow.write(beside("b"))
        assert await counted(database, "outbox") == 1
        assert await counted(database, "version_floor") == 2
    assert await counted(database, "outbox") == 1


async def test_what_is_announced_after_the_write_goes_with_the_commit(database: PinnedDatabase):
    async with database.begin(FIRST) as uow:
        await uow.write(floor("a"))
        uow.announce(changed())
        assert await counted(database, "outbox") == 0
    assert await counted(database, "outbox") == 1


async def test_an_answer_that_could_not_be_kept_takes_everything_back(database: PinnedDatabase):
    async def twice() -> None:
        async with database.begin(FIRST) as uow:
            await uow.connection.execute(text("INSERT INTO version_floor VALUES ('own.t', 'x', 1)"))
            uow.announce(changed())
            kept = """
                INSERT INTO version_floor VALUES ('own.t', 'x', 2)
                ON CONFLICT DO NOTHING RETURNING 1
            """
            answer = Clause("answer", kept, {}, "(SELECT count(*) FROM answer)")
            uow.keep(answer, Conflict("in_flight", "Noch nicht"))

    with pytest.raises(Conflict) as refused:
        await twice()
    assert refused.value.code == "in_flight"
    assert (await counted(database, "outbox"), await counted(database, "version_floor")) == (0, 0)
    assert database.commits == 0


async def test_a_unit_that_fails_announces_nothing_and_wakes_nobody(database: PinnedDatabase):
    async def failing() -> None:
        async with database.begin(FIRST) as uow:
            uow.announce(changed())
            raise KeyError

    with pytest.raises(KeyError):
        await failing()
    assert (database.commits, await counted(database, "outbox")) == (0, 0)


async def test_it_is_committing_from_its_last_write_on(database: PinnedDatabase):
    async with database.begin(FIRST) as uow:
        await uow.write(floor("a"))
        assert not uow.committing
    assert uow.committing


async def test_without_a_source_events_stay_announced(database: PinnedDatabase):
    uow = UnitOfWork(database.connection, FIRST, clock.now())
    event = changed()
    uow.announce(event)
    await uow.write(floor("a"))
    assert uow.take_announced() == [(event, FIRST)]
    assert await counted(database, "outbox") == 0


async def test_who_waits_for_a_commit_wakes_with_it(database: PinnedDatabase):
    seen = database.commits
    waiting = asyncio.create_task(database.wait_for_commit(seen, 30))
    await asyncio.sleep(0)
    assert not waiting.done()
    async with database.begin(FIRST):
        pass
    async with asyncio.timeout(5):
        await waiting
    assert database.commits == seen + 1


async def test_who_comes_late_does_not_wait(database: PinnedDatabase):
    seen = database.commits
    for _ in range(3):
        async with database.begin(FIRST):
            pass
    async with asyncio.timeout(5):
        await database.wait_for_commit(seen, 30)
    assert database.commits == seen + 3


async def test_a_wait_ends_by_itself(database: PinnedDatabase):
    async with asyncio.timeout(5):
        await database.wait_for_commit(database.commits, 0.01)


async def test_every_waiting_one_wakes(database: PinnedDatabase):
    waits = [database.wait_for_commit(database.commits, 30) for _ in range(5)]
    waiting = asyncio.gather(*waits)
    await asyncio.sleep(0)
    database.note_commit()
    async with asyncio.timeout(5):
        await waiting
