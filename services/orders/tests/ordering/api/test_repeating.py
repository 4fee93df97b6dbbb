"""Idempotency-Key: a request that comes twice has its effect once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import doors_of, engine_of
from marktbund.unit_of_work import Database, create_engine
from orders.main import SERVICE

KEY = "4711-4711"


async def test_the_same_request_gets_the_same_answer_and_one_order(desk):
    first = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    before = await desk.standing()
    again = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await desk.standing() == before


async def test_the_same_key_with_another_body_is_refused(desk):
    await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    before = await desk.standing()
    other = await desk.post("/orders", desk.basket((desk.paper, "4")), Idempotency_Key=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["field"] == "Idempotency-Key"
    assert await desk.standing() == before


async def test_the_same_key_at_another_door_is_refused(desk):
    drafted = await desk.post("/orders", desk.basket(draft=True), Idempotency_Key=KEY)
    path = f"/orders/{drafted.json()['order_id']}"
    sent = await desk.post(f"{path}/submission", Idempotency_Key=KEY)
    assert (sent.status_code, sent.json()["code"]) == (422, "idempotency_key_reused")


async def test_submission_and_cancellation_repeat_as_well(desk):
    order_id = (await desk.ordered(draft=True))["order_id"]
    for door, body in (("submission", None), ("cancellation", {})):
        key = str(new_id())
        path = f"/orders/{order_id}/{door}"
        first = await desk.post(path, body, Idempotency_Key=key)
        again = await desk.post(path, body, Idempotency_Key=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()


async def test_a_key_belongs_to_its_sender(desk):
    first = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    desk.token = await desk.doors.account(("requester", desk.member_id))
    second = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    assert second.status_code == 201
    assert second.json()["order_id"] != first.json()["order_id"]


async def test_a_refusal_leaves_the_key_free(desk):
    pen = new_id()
    basket = desk.basket((pen, "1"))
    refused = await desk.post("/orders", basket, Idempotency_Key=KEY)
    assert refused.json()["code"] == "article_unknown"
    await desk.market.article(await desk.market.supplier(), article_id=pen)
    accepted = await desk.post("/orders", basket, Idempotency_Key=KEY)
    assert accepted.status_code == 201
    assert "idempotency-replayed" not in accepted.headers


@pytest.mark.parametrize("key", ["short", "x" * 201])
async def test_a_key_of_the_wrong_length(desk, key: str):
    answer = await desk.post("/orders", desk.basket(), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["field"]) == (422, "idempotency-key")


@pytest.fixture(scope="session")
def committed_database(postgres: PostgresServer) -> ServiceDatabase:
    """A database where a test commits, apart from the one where all others roll back."""
    return make_database(postgres, "orders", prefix="committed_")


@pytest.fixture
async def busy_desk(committed_database: ServiceDatabase, open_desk):
    """A desk whose requests have connections of their own."""
    engine = engine_of(committed_database)
    async with engine.connect() as connection:
        doors = doors_of(SERVICE, connection, committed_database.app_url)
        desk = await open_desk(doors, connection)
        await connection.commit()
        doors.app.state.database = Database(engine, "orders")
        yield desk
    await engine.dispose()


@asynccontextmanager
async def orders_locked(database: ServiceDatabase) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Nobody can keep an order meanwhile; gives a wait until somebody tries to."""
    engine = create_engine(database.owner_url, application="test-lock")
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE spot_order IN SHARE MODE"))

        async def somebody_waits() -> None:
            query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            async with asyncio.timeout(10):
                while not await connection.scalar(query):
                    await asyncio.sleep(0.02)

        yield somebody_waits
    await engine.dispose()


async def test_while_the_first_is_in_flight_the_second_is_told_to_wait(
    busy_desk, committed_database: ServiceDatabase
):
    before = await busy_desk.standing()
    basket = busy_desk.basket()
    async with orders_locked(committed_database) as somebody_waits:
        first = asyncio.create_task(busy_desk.post("/orders", basket, Idempotency_Key=KEY))
        await somebody_waits()
        second = await busy_desk.post("/orders", basket, Idempotency_Key=KEY)
    assert (second.status_code, second.json()["code"]) == (409, "request_in_flight")
    assert second.json()["way_out"]
    done = await first
    assert done.status_code == 201, done.text
    third = await busy_desk.post("/orders", basket, Idempotency_Key=KEY)
    assert (third.status_code, third.json()) == (201, done.json())
    after = await busy_desk.standing()
    assert after["spot_order"][0] == before["spot_order"][0] + 1
    assert after["outbox"][0] == before["outbox"][0] + 6
    assert after["idempotency"][0] == before["idempotency"][0] + 1


async def test_of_many_at_once_one_orders(busy_desk):
    before = await busy_desk.standing()
    basket = busy_desk.basket()
    answers = await asyncio.gather(
        *(busy_desk.post("/orders", basket, Idempotency_Key="all-at-once") for _ in range(8))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["order_id"] for answer in answers if answer.status_code == 201}) == 1
    assert (await busy_desk.standing())["spot_order"][0] == before["spot_order"][0] + 1


async def test_a_settled_key_says_what_came_of_it(desk):
    first = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    settled = await desk.post(f"/keys/{KEY}/settlement")
    assert settled.json() == {"carried_out": True, "answer": first.json()}
    again = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    assert again.json() == first.json()


async def test_a_request_that_comes_after_its_key_was_settled_orders_nothing(desk):
    for _ in range(2):
        settled = await desk.post(f"/keys/{KEY}/settlement")
        assert settled.json() == {"carried_out": False, "answer": None}
    before = await desk.standing()
    late = await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    assert (late.status_code, late.json()["code"]) == (422, "idempotency_key_reused")
    assert await desk.standing() == before


async def test_nobody_settles_the_key_of_another(desk):
    await desk.post("/orders", desk.basket(), Idempotency_Key=KEY)
    own = desk.token
    desk.token = await desk.doors.account(("requester", desk.member_id))
    settled = await desk.post(f"/keys/{KEY}/settlement")
    assert settled.json() == {"carried_out": False, "answer": None}
    desk.token = own
    settled = await desk.post(f"/keys/{KEY}/settlement")
    assert settled.json()["carried_out"] is True


async def test_a_key_in_flight_is_not_settled(busy_desk, committed_database: ServiceDatabase):
    key = str(new_id())
    async with orders_locked(committed_database) as somebody_waits:
        first = asyncio.create_task(
            busy_desk.post("/orders", busy_desk.basket(), Idempotency_Key=key)
        )
        await somebody_waits()
        early = await busy_desk.post(f"/keys/{key}/settlement")
    assert (early.status_code, early.json()["code"]) == (409, "request_in_flight")
    done = await first
    settled = await busy_desk.post(f"/keys/{key}/settlement")
    assert settled.json() == {"carried_out": True, "answer": done.json()}


async def answered_meanwhile(database: ServiceDatabase, desk, key: str) -> None:
    """As if the first request with this key had been committed just now."""
    engine = create_engine(database.owner_url, application="test-first")
    async with engine.begin() as connection:
        await connection.execute(
            text("""
                INSERT INTO idempotency (actor, key, request_sha256, status, body)
                SELECT p.sub, :key, 'first', 201, '{}' FROM principal AS p
                 WHERE p.grants -> 0 ->> 'member_id' = :member
            """),
            {"key": key, "member": str(desk.member_id)},
        )
    await engine.dispose()


async def test_whose_first_request_is_answered_meanwhile_orders_nothing(
    busy_desk, committed_database: ServiceDatabase
):
    before, key = await busy_desk.standing(), str(new_id())
    async with orders_locked(committed_database) as somebody_waits:
        late = asyncio.create_task(
            busy_desk.post("/orders", busy_desk.basket(), Idempotency_Key=key)
        )
        await somebody_waits()
        await answered_meanwhile(committed_database, busy_desk, key)
    answer = await late
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_flight")
    after = await busy_desk.standing()
    assert {name for name in after if after[name] != before[name]} == {"idempotency"}


async def test_a_refusal_does_not_stand_in_the_place_of_the_first_answer(
    busy_desk, committed_database: ServiceDatabase
):
    terms = {"title": "Papier", "contract_kind": "supply", "stated_net": "1000"}
    need = (await busy_desk.post("/needs", terms)).json()["need_id"]
    key, values = str(new_id()), {"need_id": need}
    hold = text("SELECT FROM need WHERE need_id = :need_id FOR UPDATE")
    close = text("UPDATE need SET status = 'closed' WHERE need_id = :need_id")
    somebody_waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    basket = busy_desk.basket(need_id=need)
    engine = create_engine(committed_database.owner_url, application="test-lock")
    async with engine.begin() as connection:
        await connection.execute(hold, values)
        late = asyncio.create_task(busy_desk.post("/orders", basket, Idempotency_Key=key))
        async with asyncio.timeout(10):
            while not await connection.scalar(somebody_waits):
                await asyncio.sleep(0.02)
        await answered_meanwhile(committed_database, busy_desk, key)
        await connection.execute(close, values)
    await engine.dispose()
    answer = await late
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_flight")
    alone = await busy_desk.post("/orders", basket)
    assert (alone.status_code, alone.json()["code"]) == (409, "need_closed")
