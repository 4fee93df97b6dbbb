"""A database with the platform's tables, topics on real Kafka, and a consumer to watch."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass, field

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund import clock, logs, topics
from marktbund.consuming import Consumer, Hearing
from marktbund.consuming.inbox import ensure_partitions
from marktbund.contracts.members import MEMBER_EVENTS, MEMBER_STATE, PERSON_STATE
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.relay import Relay
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer
from marktbund.testing.fixtures import engine_of, rolled_back
from marktbund.unit_of_work import Database, UnitOfWork


@pytest.fixture(scope="session")
def platform(postgres: PostgresServer) -> ServiceDatabase:
    return make_database(postgres, "members", prefix="platform_")


@pytest.fixture
async def engine(platform: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    made = engine_of(platform)
    async with made.begin() as connection:
        await ensure_partitions(connection, clock.now().date())
        await connection.exec_driver_sql("DELETE FROM outbox")
        await connection.exec_driver_sql("UPDATE lease SET lease_until = '-infinity'")
    yield made
    await made.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engine):
        yield made


@pytest.fixture
def database(engine: AsyncEngine) -> Database:
    return Database(engine, "members")


@pytest.fixture
def prefix(kafka: KafkaBroker) -> str:
    """Topics of one test only; they go with the broker, so there are no more than are heard."""
    made = f"t{new_id().hex[-12:]}_"
    topics.create(kafka.admin, made, wanted=(MEMBER_EVENTS, MEMBER_STATE, PERSON_STATE))
    return made


@dataclass
class Watched:
    """A consumer that notes what it applied."""

    seen: list[Received] = field(default_factory=list)
    fail_on: Callable[[Received], Exception | None] = lambda _: None

    async def apply(self, records: Sequence[Received], uow: UnitOfWork) -> None:
        for record in records:
            error = self.fail_on(record)
            if error is not None:
                raise error
        self.seen.extend(records)

    async def until(self, count: int, seconds: float = 20) -> None:
        """Wait until `count` records were applied; fails by the clock."""
        async with asyncio.timeout(seconds):
            while len(self.seen) < count:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def hearing(
    database: Database, kafka: KafkaBroker, prefix: str, watched: Watched
) -> AsyncIterator[Consumer]:
    consumer = Consumer(
        database, kafka.admin, Hearing({MEMBER_EVENTS: watched.apply}), prefix=prefix
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def relaying(database: Database, kafka: KafkaBroker, prefix: str) -> AsyncIterator[None]:
    relay = Relay(database, kafka.admin, prefix=prefix, demo=True, feeds=())
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the lines of one test are; the root logger is put back afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    out = io.StringIO()
    with redirect_stdout(out):
        logs.configure("orders", "worker")
        yield out
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
