"""Round trips counted between a client and PostgreSQL: each answer waited for, over all of them."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url

from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.round_trips import RoundTrips, counting


@pytest.fixture
async def counted(platform: ServiceDatabase) -> AsyncIterator[RoundTrips]:
    url = make_url(platform.app_url).set(drivername="postgresql")
    async with counting(url.render_as_string(hide_password=False)) as trips:
        yield trips


async def test_one_statement_is_one_round_trip_and_two_in_a_message_too(counted: RoundTrips):
    connection = await asyncpg.connect(counted.url, ssl="disable")
    before = counted.count
    assert before >= 1  # the login ends with one
    await connection.execute("SELECT 1")
    assert counted.since(before) == 1
    await connection.execute("BEGIN; SELECT 1; SELECT 2; COMMIT")
    assert counted.since(before) == 2
    await connection.close()


async def test_a_statement_prepared_before_is_one_round_trip(counted: RoundTrips):
    connection = await asyncpg.connect(counted.url, ssl="disable")
    assert await connection.fetchval("SELECT $1::int + 1", 1) == 2
    before = counted.count
    assert await connection.fetchval("SELECT $1::int + 1", 2) == 3
    assert await connection.fetchval("SELECT $1::int + 1", 3) == 4
    assert counted.since(before) == 2
    await connection.close()


async def test_a_refused_statement_was_waited_for_as_well(counted: RoundTrips):
    connection = await asyncpg.connect(counted.url, ssl="disable")
    before = counted.count
    with pytest.raises(asyncpg.PostgresError):
        await connection.execute("SELECT 1 / 0")
    assert counted.since(before) == 1
    await connection.close()


async def test_connections_are_counted_together_and_a_long_answer_once(counted: RoundTrips):
    connections = [await asyncpg.connect(counted.url, ssl="disable") for _ in range(3)]
    before = counted.count
    long = "SELECT repeat('x', 200000)"
    await asyncio.gather(*(connection.execute(long) for connection in connections))
    assert counted.since(before) == 3
    for connection in connections:
        await connection.close()


async def test_who_asks_for_tls_is_refused_and_counted_all_the_same(counted: RoundTrips):
    connection = await asyncpg.connect(counted.url, ssl="prefer")
    before = counted.count
    await connection.execute("SELECT 1")
    assert counted.since(before) == 1
    await connection.close()


async def test_the_way_by_the_proxy_names_the_same_database_and_account(
    counted: RoundTrips, platform: ServiceDatabase
):
    there, by_way = make_url(platform.app_url), make_url(counted.url)
    assert (by_way.username, by_way.password, by_way.database) == (
        there.username,
        there.password,
        there.database,
    )
    assert (by_way.host, by_way.port != there.port) == ("127.0.0.1", True)
