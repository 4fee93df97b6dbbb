"""A dispatcher on a clock of its own, over the doors' database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from marktbund import clock
from marktbund.contracts import MESSAGES
from marktbund.contracts.base import Message
from marktbund.testing.databases import ServiceDatabase
from marktbund.testing.fixtures import Doors, engine_of
from marktbund.unit_of_work import Database
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.gateways.webhooks import HttpCaller
from supplier_gateway.jobs import Dispatcher

EVERYTHING = "supplier, credential, channel, supplier_order, supplier_order_line, delivery, attempt"


@dataclass
class Pushing:
    """A dispatcher on a clock of its own, over the doors' database."""

    doors: Doors
    dispatcher: Dispatcher
    clock: "Ahead"

    async def once(self) -> None:
        """Claim what is due, wait for the calls, record them."""
        await self.dispatcher.turn(self.doors.database)
        await self.dispatcher.settle()
        await self.dispatcher.turn(self.doors.database)

    async def news(self, *kinds: type[Message]) -> list[Any]:
        """What was announced of these types, in order."""
        rows = await self.doors.database.connection.exec_driver_sql(
            "SELECT type, payload FROM outbox ORDER BY seq"
        )
        events = [MESSAGES[row.type].model_validate_json(row.payload) for row in rows]
        return [event for event in events if isinstance(event, kinds)]

    async def later(self, **time: float) -> None:
        """Once, after some time."""
        self.clock.ahead += timedelta(**time)
        await self.once()


@dataclass
class Ahead:
    """System time and a little more: what a test waits for without waiting."""

    ahead: timedelta = timedelta(seconds=1)

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


@pytest.fixture
async def pushing(doors: Doors, vault: Vault) -> AsyncIterator[Pushing]:
    caller = HttpCaller(clock.now, private_allowed=True, seconds=2)
    ahead = Ahead()
    dispatcher = Dispatcher(vault, caller, demo=True, now=ahead, chance=lambda: 0.0)
    yield Pushing(doors, dispatcher, ahead)
    await dispatcher.drop()
    await caller.close()


@pytest.fixture(scope="module")
def emptied(gateway_database: ServiceDatabase, postgres) -> str:
    """As superuser: the app role may not delete."""
    return postgres.url(gateway_database.name).replace("postgresql://", "postgresql+asyncpg://")


@pytest.fixture
async def database(gateway_database: ServiceDatabase, emptied: str) -> AsyncIterator[Database]:
    engine = engine_of(gateway_database)
    yield Database(engine, "supplier-gateway")
    await engine.dispose()
    owner = engine_of(ServiceDatabase("", "", emptied, ""))
    async with owner.begin() as connection:
        await connection.execute(
            text(f"TRUNCATE {EVERYTHING}, channel_secret, outbox, despatch_line, despatch")
        )
    await owner.dispose()


@pytest.fixture
def hear_record(hear):
    return hear.record
