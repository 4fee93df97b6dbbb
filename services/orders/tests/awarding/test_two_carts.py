"""A cart that waits for another's limit sees what that one booked; sums asked in the statement of
the locks would not, which a planted build of the same handlers shows.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import statements
from marktbund.auth import Actor
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database, UnitOfWork
from orders.ordering.commands.orders import CreateOrder
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.handlers import placing

Create = Callable[[CreateOrder, Actor, UnitOfWork], Awaitable[SpotOrder]]
WAITING = text("""
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
""")
LOCKS = "held = await statements.hold(uow.connection, HELD, *locks)"
SUMS = "row = await statements.ask(uow.connection, *asked)"


@dataclass
class Carts:
    """A member whose limit has room for one of its carts."""

    database: Database
    actor: Actor
    article: UUID

    async def order(self, create: Create, uow: UnitOfWork) -> str:
        lines = [{"article_id": self.article, "quantity": 1}]
        command = CreateOrder.model_validate({"lines": lines})
        return (await create(command, self.actor, uow)).status

    async def order_alone(self, create: Create) -> str:
        async with self.database.begin(Origin("second"), self.actor.member_id) as uow:
            return await self.order(create, uow)

    async def somebody_waits(self) -> None:
        async with asyncio.timeout(10), self.database.reading() as connection:
            while not await connection.scalar(WAITING):
                await connection.rollback()
                await asyncio.sleep(0.02)

    async def both(self, create: Create) -> tuple[str, str]:
        """Where two carts end of which the second waits for the first one's commit."""
        async with self.database.begin(Origin("first"), self.actor.member_id) as uow:
            first = await self.order(create, uow)
            waiting = asyncio.create_task(self.order_alone(create))
            await self.somebody_waits()
        return first, await waiting


@pytest.fixture(scope="module")
def carts_database(postgres: PostgresServer) -> ServiceDatabase:
    return make_database(postgres, "orders", prefix="carts_")


@pytest.fixture
async def carts(carts_database: ServiceDatabase, open_market) -> AsyncIterator[Carts]:
    engine = engine_of(carts_database)
    database = Database(engine, "orders")
    async with database.begin(Origin("carts")) as uow:
        market = open_market(uow)
        member_id = await market.member(official_key=str(new_id()))
        article = await market.article(await market.supplier(), "199.99")
        limit = RouteLimit(route="direct", up_to_net=300)
        await market.rules(member_id, limit, approval_above=1_000)
    yield Carts(database, Actor(new_id(), "requester", member_id, member_id), article)
    await engine.dispose()


async def at_once(connection: AsyncConnection, locks: list[Clause], asked: Sequence[Clause]) -> Row:
    """Locks and sums in one statement, as nobody must ask them."""
    held = [Clause(lock.name, lock.sql.format(first="true"), lock.values) for lock in locks]
    locks.clear()
    sums = [Clause(ask.name, "SELECT 1", ask.values, ask.sql) for ask in asked]
    return await statements.write(connection, *held, *sums)


def planted() -> Create:
    """The handlers' own code with locks and sums in one statement."""
    source = inspect.getsource(placing)
    assert source.count(LOCKS) == source.count(SUMS) == 1
    source = source.replace(LOCKS, "held = LATER.extend(locks)")
    source = source.replace(SUMS, "row = await at_once(uow.connection, LATER, asked)")
    merged = built("orders.ordering.handlers.placing", source, LATER=[], at_once=at_once)
    create: Create = vars(merged)["create_order"]
    return create


def built(name: str, source: str, **more: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(more)
    exec(compile(source, f"planted {name}", "exec"), vars(module))  # noqa: S102 - our own source
    return module


async def test_the_waiting_cart_sees_what_the_first_booked(carts: Carts):
    assert await carts.both(placing.create_order) == ("placed", "handed_over")


async def test_locks_and_sums_in_one_statement_pass_the_limit(carts: Carts):
    assert await carts.both(planted()) == ("placed", "placed")


async def test_two_carts_after_each_other_see_each_other_in_any_build(carts: Carts):
    create = planted()
    assert await carts.order_alone(create) == "placed"
    assert await carts.order_alone(create) == "handed_over"
