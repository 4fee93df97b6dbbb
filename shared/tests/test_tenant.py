"""A unit of work of a member: BEGIN and the member in one message, and nothing left behind."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marktbund.envelope import Origin
from marktbund.failures import is_transient
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.round_trips import counting
from marktbund.unit_of_work import Database, create_engine

ORIGIN = Origin("test")
MEMBER = text("SELECT current_setting('marktbund.member', true)")
PUT = text("INSERT INTO version_floor (topic, key, version) VALUES ('t', :key, 1)")
COUNT = text("SELECT count(*) FROM version_floor WHERE key = :key")


@pytest.fixture
async def narrow(platform: ServiceDatabase):
    """A database with one connection, reached through a counter."""
    async with counting(platform.app_url) as trips:
        engine = create_engine(trips.url, application="narrow", pool_size=1, max_overflow=0)
        yield Database(engine, "members"), trips
        await engine.dispose()


async def kept(database: Database, key: str) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(COUNT, {"key": key}) or 0)


async def test_the_database_knows_the_member_within_the_transaction_alone(narrow):
    database, _ = narrow
    member_id = new_id()
    async with database.begin(ORIGIN, member_id) as uow:
        assert await uow.connection.scalar(MEMBER) == str(member_id)
    async with database.begin(ORIGIN) as uow:
        assert not await uow.connection.scalar(MEMBER)


async def test_begin_statement_and_commit_are_three_round_trips(narrow):
    database, trips = narrow
    for _ in range(3):
        before = trips.count
        async with database.begin(ORIGIN, new_id()) as uow:
            await uow.connection.execute(MEMBER)
    assert trips.since(before) == 3


async def put(database: Database, key: str, then: str = "SELECT 1") -> None:
    async with database.begin(ORIGIN, new_id()) as uow:
        await uow.connection.execute(PUT, {"key": key})
        if then == "stop":
            raise ZeroDivisionError
        await uow.connection.execute(text(then))


async def test_what_is_done_is_kept_and_what_fails_is_not(narrow):
    database, _ = narrow
    done, failed = str(new_id()), str(new_id())
    await put(database, done)
    with pytest.raises(ZeroDivisionError):
        await put(database, failed, "stop")
    with pytest.raises(DBAPIError):
        await put(database, failed, "SELECT 1 / 0")
    assert (await kept(database, done), await kept(database, failed)) == (1, 0)


async def test_who_is_given_up_in_the_middle_leaves_no_open_transaction(narrow):
    database, _ = narrow
    key = str(new_id())

    for wait in (0.3, 0.0):
        task = asyncio.create_task(put(database, key, "SELECT pg_sleep(30)"))
        await asyncio.sleep(wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await kept(database, key) == 0


async def ended(database: Database) -> None:
    """Its own connection, under it."""
    async with database.begin(ORIGIN, new_id()) as uow:
        await uow.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_a_connection_that_ends_is_an_error_that_passes(narrow):
    database, _ = narrow
    with pytest.raises(DBAPIError) as lost:
        await ended(database)
    assert is_transient(lost.value)
    await put(database, str(new_id()))


async def test_a_connection_that_ended_while_nobody_used_it_is_renewed(
    narrow, platform: ServiceDatabase
):
    database, _ = narrow
    async with database.begin(ORIGIN, new_id()) as uow:
        pid = await uow.connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(platform.app_url, application="other")
    async with other.connect() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    await other.dispose()
    await asyncio.sleep(0.2)
    with pytest.raises(DBAPIError) as lost:
        await put(database, str(new_id()))
    assert is_transient(lost.value)
    key = str(new_id())
    await put(database, key)
    assert await kept(database, key) == 1
