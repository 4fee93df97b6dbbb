"""Workers on committed data: they share the work, keep the bulkhead, die, and never queue up."""

import asyncio
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet
from sqlalchemy import text

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.testing.fixtures import engine_of
from marktbund.testing.receiver import Heard, Reply, listening
from marktbund.unit_of_work import Database
from supplier_gateway import handlers
from supplier_gateway.commands import RegisterChannel, RegisterSupplier
from supplier_gateway.domain.breakers import CALLS_AT_ONCE
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.gateways.webhooks import HttpCaller
from supplier_gateway.handlers.pushing import LEASE
from supplier_gateway.jobs import Dispatcher
from supplier_gateway.store import claims

KEY = Fernet.generate_key().decode()
VAULT = Vault([KEY])
WAITING = "SELECT count(*) FROM delivery WHERE acknowledged_at IS NULL AND abandoned_at IS NULL"
ORIGIN = Origin("test")


async def supplier_at(database: Database, url: str) -> UUID:
    async with database.begin(ORIGIN) as uow:
        supplier = await handlers.register_supplier(RegisterSupplier(name="X"), uow)
        await handlers.register_channel(
            supplier.supplier_id, RegisterChannel(url=url), VAULT, uow, private_allowed=True
        )
    return supplier.supplier_id


async def place_many(database: Database, place_order, hear_record, suppliers: list[UUID]) -> None:
    async with database.begin(ORIGIN) as uow:
        await handlers.take_orders(
            [hear_record(place_order(supplier_id)) for supplier_id in suppliers], uow
        )


def dispatcher(ahead: timedelta = timedelta(0)) -> Dispatcher:
    caller = HttpCaller(clock.now, private_allowed=True, seconds=5)
    now = lambda: clock.now() + ahead  # noqa: E731 - a clock
    return Dispatcher(VAULT, caller, demo=False, now=now)


@dataclass
class Counting:
    """Counts calls by path, and the most that were on their way at once."""

    flying: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)

    async def __call__(self, heard: Heard) -> Reply:
        self.flying[heard.path] += 1
        self.most[heard.path] = max(self.most[heard.path], self.flying[heard.path])
        await asyncio.sleep(0.02)
        self.flying[heard.path] -= 1
        return Reply(204)


async def until_pushed(database: Database) -> None:
    async with asyncio.timeout(60):
        while True:
            async with database.reading() as connection:
                if not await connection.scalar(text(WAITING)):
                    return
            await asyncio.sleep(0.1)


async def test_workers_share_the_work_and_the_bulkhead(
    database, gateway_database, place_order, hear_record
):
    counting = Counting()
    others = [Database(engine_of(gateway_database), "supplier-gateway") for _ in range(2)]
    async with listening(counting) as endpoint:
        suppliers = [await supplier_at(database, f"{endpoint.url}/{n}") for n in range(5)]
        await place_many(database, place_order, hear_record, suppliers * 20)
        working = [
            asyncio.create_task(dispatcher()(worker_database))
            for worker_database in (database, *others)
        ]
        await until_pushed(database)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
    for other in others:
        await other.engine.dispose()
    ids = [heard.headers["webhook-id"] for heard in endpoint.heard]
    assert len(ids) == len(set(ids)) == 100
    assert set(counting.most) == {f"/{n}" for n in range(5)}
    assert max(counting.most.values()) <= CALLS_AT_ONCE


async def test_a_worker_killed_in_its_call_is_followed_by_the_same_id(
    database, gateway_database, place_order, hear_record
):
    environment = {**os.environ, "DATABASE_URL": gateway_database.app_url, "CHANNEL_KEY": KEY}
    victim = None

    async def kill_then_take(_: Heard) -> Reply:
        if victim is not None and victim.returncode is None:
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
        return Reply(204)

    async with listening(kill_then_take) as endpoint:
        await place_many(
            database, place_order, hear_record, [await supplier_at(database, endpoint.url)]
        )
        script = str(Path(__file__).with_name("victim.py"))
        victim = await asyncio.create_subprocess_exec(sys.executable, script, env=environment)
        await asyncio.wait_for(victim.wait(), 60)
        assert victim.returncode == -signal.SIGKILL
        early = dispatcher()
        await early.turn(database)
        await early.settle()
        assert len(endpoint.heard) == 1
        next_one = dispatcher(ahead=LEASE)
        for _ in range(2):
            await next_one.turn(database)
            await next_one.settle()
    first, second = (heard.headers["webhook-id"] for heard in endpoint.heard)
    assert first == second
    async with database.reading() as connection:
        log = await connection.execute(text("SELECT number, result FROM attempt ORDER BY number"))
        assert [tuple(row) for row in log] == [(1, None), (2, "delivered")]
        kinds = await connection.execute(
            text("SELECT type FROM outbox WHERE topic LIKE '%delivery%'")
        )
        assert [kind.split(".")[2] for kind in kinds.scalars()] == [
            "DeliveryQueued",
            "DeliveryAcknowledged",
        ]


async def rows_touched(database: Database, statement, place_order: dict) -> int:
    """Rows PostgreSQL reads of deliveries for a question of the queue."""

    def read(node: dict) -> int:
        own = 0
        if node.get("Relation Name") == "delivery":
            removed = node.get("Rows Removed by Filter", 0)
            own = round((node["Actual Rows"] + removed) * node["Actual Loops"])
        return own + sum(read(part) for part in node.get("Plans", ()))

    async with database.reading() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explained = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}")
        [plan] = await connection.scalar(explained, place_order)
    return read(plan["Plan"])


async def test_history_and_a_dead_suppliers_backlog_cost_the_queue_nothing(
    database, place_order, hear_record
):
    dead, fine = [await supplier_at(database, f"http://127.0.0.1:9/{n}") for n in range(2)]
    await place_many(database, place_order, hear_record, [fine, fine, dead])
    async with database.begin(ORIGIN) as uow:
        await uow.connection.execute(
            text("UPDATE channel SET trips = 1, blocked_until = :until WHERE supplier_id = :dead"),
            {"dead": dead, "until": clock.now() + timedelta(hours=1)},
        )
    now = clock.now() + timedelta(seconds=1)
    due = {"now": now}
    claim = {"supplier_id": [fine], "room": [2], "most": 10, "now": now, "until": now}
    held = {"now": now, "overdue": now - timedelta(days=4), "limit": 100}

    async def costs() -> list[int]:
        return [
            await rows_touched(database, claims._DUE, due),
            await rows_touched(database, claims._CLAIM, claim),
        ]

    before = await costs()
    assert sum(before) > 0
    for _ in range(4):
        await place_many(database, place_order, hear_record, [dead] * 500)
    ours = "SELECT delivery_id FROM delivery WHERE supplier_id = :fine ORDER BY seq LIMIT 2"
    await place_many(database, place_order, hear_record, [fine] * 500)
    async with database.begin(ORIGIN) as uow:
        await uow.connection.execute(
            text("UPDATE delivery SET held_at = now() WHERE supplier_id = :dead"), {"dead": dead}
        )
        history = f"supplier_id = :fine AND delivery_id NOT IN ({ours})"
        await uow.connection.execute(
            text(f"UPDATE delivery SET acknowledged_at = now() WHERE {history}"), {"fine": fine}
        )
    after = await costs()
    assert [now <= then for now, then in zip(after, before, strict=True)] == [True, True]
    assert await rows_touched(database, claims._HELD, held) == 0


async def test_the_first_documents_of_all_come_before_the_second_of_one(
    database, place_order, hear_record
):
    suppliers = [await supplier_at(database, f"http://127.0.0.1:9/{n}") for n in range(4)]
    await place_many(database, place_order, hear_record, [suppliers[0]] * 50)
    await place_many(database, place_order, hear_record, suppliers[1:])
    now = clock.now() + timedelta(seconds=1)
    async with database.begin(ORIGIN) as uow:
        claimed = await handlers.claim_documents(suppliers, 4, now, uow)
    assert {claim.supplier_id for claim in claimed.claims} == set(suppliers)
