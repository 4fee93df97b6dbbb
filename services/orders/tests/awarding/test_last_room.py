"""64 clients on one limit: never above it, no room lost, and no client sees a deadlock.

MARKTBUND_LAST_ROOM_SECONDS: how long they order; 3 unless set. The figures are printed (`-s`).
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marktbund.auth import Actor
from marktbund.contracts.rule_sets import AwardRule, RouteLimit, RuleSetState
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.unit_of_work import Database, create_engine
from orders.ordering import handlers
from orders.ordering.commands.orders import CancelOrder, CreateOrder

CLIENTS = 64
LIMIT = Decimal(10_000)
SECONDS = float(os.environ.get("MARKTBUND_LAST_ROOM_SECONDS", "3"))
PLACED = text("""
    SELECT coalesce(sum(net_total), 0) FROM spot_order
     WHERE member_id = :member_id AND status = 'placed'
""")
POTS = text("SELECT coalesce(sum(net), 0) FROM limit_day WHERE pot_id = :member_id")
# As if nobody took the lock: the statement that holds the pots leaves them alone.
NO_LOCK = (
    (
        "CREATE FUNCTION no_lock() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN CASE WHEN NEW.position = 0 THEN NULL ELSE NEW END; END'"
    ),
    "CREATE TRIGGER no_lock BEFORE INSERT ON limit_pot FOR EACH ROW EXECUTE FUNCTION no_lock()",
)


@dataclass
class Rush:
    """One member, one class, one limit, and what 64 clients saw."""

    database: Database
    member_id: UUID
    articles: dict[int, UUID]
    placed: int = 0
    handed_over: int = 0
    highest: Decimal = Decimal(0)
    errors: list[str] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor(new_id(), "requester", self.member_id, self.member_id)

    async def order(self, hundreds: int) -> tuple[UUID, str]:
        """Order for so many hundred EUR; the order and where it stands."""
        lines = [{"article_id": self.articles[hundreds], "quantity": 1}]
        command = CreateOrder.model_validate({"lines": lines})
        async with self.database.begin(Origin("rush")) as uow:
            order = await handlers.create_order(command, self.actor, uow)
        return order.order_id, order.status

    async def cancel(self, order_id: UUID) -> None:
        async with self.database.begin(Origin("rush")) as uow:
            await handlers.cancel_order(order_id, CancelOrder(), self.actor, uow)

    async def total(self, query: object = PLACED) -> Decimal:
        async with self.database.reading() as connection:
            net = await connection.scalar(query, {"member_id": self.member_id})
        return Decimal(net)

    async def client(self, seed: int, until: float) -> None:
        """Order, and give back every other order at once."""
        rng = random.Random(seed)
        mine: list[UUID] = []
        while asyncio.get_running_loop().time() < until:
            try:
                order_id, status = await self.order(rng.choice(list(self.articles)))
                self.placed += status == "placed"
                self.handed_over += status == "handed_over"
                mine += [order_id] if status == "placed" else []
                if mine and rng.random() < 0.5:
                    await self.cancel(mine.pop())
            except DBAPIError as error:
                self.errors.append(str(error.orig))

    async def watch(self, until: float) -> None:
        """Note the highest sum of placed orders anybody could see."""
        while asyncio.get_running_loop().time() < until:
            self.highest = max(self.highest, await self.total())
            await asyncio.sleep(0.02)

    def line(self) -> str:
        """The figures, as benchmarks write them."""
        return (
            f"name=last_room highest={self.highest} limit={LIMIT} placed={self.placed}"
            f" handed_over={self.handed_over} errors={len(self.errors)} clients={CLIENTS}"
            f" seconds={SECONDS:g}"
        )

    async def run(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        clients = [self.client(seed, until) for seed in range(CLIENTS)]
        await asyncio.gather(self.watch(until), *clients)
        self.highest = max(self.highest, await self.total())


@pytest.fixture(scope="module")
def rush_database(postgres: PostgresServer) -> ServiceDatabase:
    """A database of its own: what 64 clients commit is nobody else's to see."""
    return make_database(postgres, "orders", prefix="rush_")


@pytest.fixture
async def rush(rush_database: ServiceDatabase, open_market) -> AsyncIterator[Rush]:
    engine = create_engine(rush_database.app_url, application="rush", pool_size=CLIENTS + 2)
    database = Database(engine, "orders")
    async with database.begin(Origin("rush")) as uow:
        market = open_market(uow)
        member_id = await market.member(official_key=str(new_id()))
        supplier = await market.supplier()
        articles = {
            hundreds: await market.article(supplier, str(hundreds * 100), article_id=new_id())
            for hundreds in (1, 7, 19, 31, 100)
        }
        rule = AwardRule(
            contract_kinds=("supply",),
            limits=(RouteLimit(route="direct", up_to_net=LIMIT),),
            window_months=12,
            binding=True,
            source="HVTG 2021",
            source_kind="statute",
            valid_from="2021-09-01",
        )
        state = RuleSetState(
            version=1, rule_set_id=new_id(), member_id=member_id, status="active", rules=(rule,)
        )
        await market.tell(state)
    yield Rush(database, member_id, articles)
    await engine.dispose()


async def test_nobody_passes_the_limit_and_no_room_is_lost(rush: Rush):
    await rush.run(SECONDS)
    sys.stdout.write(f"{rush.line()}\n")
    # On an overloaded machine a client may wait past its timeout, and is told to try again.
    assert [error for error in rush.errors if "timeout" not in error] == []
    assert rush.placed > 0 < rush.handed_over
    assert rush.highest <= LIMIT
    assert await rush.total(POTS) == await rush.total()
    async with rush.database.reading() as connection:
        query = "SELECT order_id FROM spot_order WHERE status = 'placed' AND member_id = :m"
        open_orders = (await connection.scalars(text(query), {"m": rush.member_id})).all()
    for order_id in open_orders:
        await rush.cancel(order_id)
    assert await rush.total(POTS) == 0
    assert (await rush.order(100))[1] == "placed"


async def test_without_the_lock_the_limit_is_passed(rush: Rush, rush_database: ServiceDatabase):
    owner = create_engine(rush_database.owner_url, application="planted")
    async with owner.begin() as connection:
        for statement in NO_LOCK:
            await connection.execute(text(statement))
    try:
        await rush.run(min(SECONDS, 3))
    finally:
        async with owner.begin() as connection:
            await connection.execute(text("DROP TRIGGER no_lock ON limit_pot"))
            await connection.execute(text("DROP FUNCTION no_lock()"))
        await owner.dispose()
    assert rush.highest > LIMIT
