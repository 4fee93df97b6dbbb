"""How often an order waits for its database, counted on the wire."""

from collections.abc import AsyncIterator, Callable

import pytest

from marktbund.contracts.rule_sets import RouteLimit
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import doors_of, engine_of
from marktbund.testing.round_trips import counting
from marktbund.unit_of_work import Database, create_engine
from orders.main import SERVICE

WARM = 8
"""So many orders before: by then statements are prepared and the pool is open."""


@pytest.fixture(scope="session")
def counted_database(postgres: PostgresServer) -> ServiceDatabase:
    """A database where a test commits."""
    return make_database(postgres, "orders", prefix="counted_")


@pytest.fixture
async def counted(counted_database: ServiceDatabase, open_desk) -> AsyncIterator[tuple]:
    """A desk whose requests reach PostgreSQL through the counter, and the counter."""
    engine = engine_of(counted_database)
    async with engine.connect() as connection, counting(counted_database.app_url) as trips:
        doors = doors_of(SERVICE, connection, counted_database.app_url)
        desk = await open_desk(doors, connection)
        await connection.commit()
        through = create_engine(trips.url, application="orders")
        doors.app.state.database = Database(through, "orders")
        yield desk, trips
        await through.dispose()
    await engine.dispose()


async def trips_of(counted, knock: Callable) -> int:
    desk, trips = counted
    for _ in range(WARM):
        await knock(desk)
    before = trips.count
    await knock(desk)
    return trips.since(before)


async def order_three_lines(desk) -> None:
    receipt = await desk.ordered((desk.paper, "3"), (desk.chair, "1"), (desk.paper, "2"))
    assert (receipt["status"], len(receipt["supplier_order_ids"])) == ("placed", 2)


async def test_an_order_is_six_round_trips(counted):
    assert await trips_of(counted, order_three_lines) == 6


async def test_rules_that_add_up_and_compare_cost_none_more(counted):
    desk, _ = counted
    limit = RouteLimit(route="compare", up_to_net=1_000_000, offers_received=1)
    async with desk.doors.app.state.database.begin(Origin("test")) as uow:
        await type(desk.market)(uow).rules(desk.member_id, limit, approval_above=1_000_000)
    assert await trips_of(counted, order_three_lines) == 6


async def test_a_need_written_down_before_costs_none_more(counted):
    desk, _ = counted
    described = {"title": "Papier", "contract_kind": "supply", "stated_net": "1000"}
    need = (await desk.post("/needs", described)).json()["need_id"]

    async def order_for_it(desk) -> None:
        assert (await desk.ordered((desk.paper, "1"), need_id=need))["status"] == "placed"

    assert await trips_of(counted, order_for_it) == 6


async def test_a_repeated_request_is_three(counted):
    key = str(new_id())

    async def repeat(desk) -> None:
        answer = await desk.post("/orders", desk.basket(), Idempotency_Key=key)
        assert answer.status_code == 201

    assert await trips_of(counted, repeat) == 3
