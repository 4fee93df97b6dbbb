"""A service whose database can be made to forget what it announced, on a log of its own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund import clock
from marktbund.ahead import TakesOver, counted, owned
from marktbund.ahead.finding import Survey, look
from marktbund.ahead.reconciling import Reconciler
from marktbund.consuming import Hearing
from marktbund.consuming.inbox import ensure_partitions
from marktbund.contracts.base import Message
from marktbund.contracts.members import MEMBER_EVENTS
from marktbund.testing.databases import make_database
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer
from marktbund.testing.fixtures import engine_of
from marktbund.unit_of_work import Database, UnitOfWork, create_engine

from .conftest import relaying
from .test_delivery import ORIGIN, event, read_all

OWNED = owned.everything((counted(MEMBER_EVENTS, "member", "member_id"),), ())


@dataclass
class Owner:
    """A service that counts its members' versions, on a log of its own."""

    database: Database
    kafka: KafkaBroker
    prefix: str
    restoring: AsyncEngine

    async def change(self, *changes: tuple[UUID, int], status: str = "active") -> None:
        """One commit each: the row and what it announces."""
        for key, version in changes:
            async with self.database.begin(ORIGIN) as uow:
                await keep(event(key, version).model_copy(update={"status": status}), uow)
                uow.announce(event(key, version))

    async def sent(self) -> None:
        """Everything announced is in the log."""
        async with relaying(self.database, self.kafka, self.prefix):
            while await self.value("SELECT count(*) FROM outbox"):
                await self.database.wait_for_commit(self.database.commits, 0.02)

    async def value(self, query: str) -> int:
        async with self.database.reading() as connection:
            return int(await connection.scalar(text(query)))

    async def forget(self, saved: Sequence[tuple[str, list[dict]]]) -> None:
        """Put the tables back to what was saved."""
        async with self.restoring.begin() as connection:
            await connection.execute(text("DELETE FROM outbox"))
            for table, rows in saved:
                await connection.execute(text(f"DELETE FROM {table}"))
                for row in rows:
                    names = ", ".join(row)
                    marks = ", ".join(f":{name}" for name in row)
                    await connection.execute(
                        text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row
                    )

    async def saved(self) -> list[tuple[str, list[dict]]]:
        tables = []
        for table in ("member", "published"):
            async with self.database.reading() as connection:
                rows = await connection.execute(text(f"SELECT * FROM {table}"))
                tables.append((table, [dict(row._mapping) for row in rows]))
        return tables

    async def look(self) -> Survey:
        return await look(self.database, self.kafka.admin, self.prefix, OWNED)

    def reconciler(self, takes_over: TakesOver) -> Reconciler:
        return Reconciler(
            self.database, self.kafka.admin, self.prefix, Hearing({}), OWNED, (), takes_over
        )

    async def in_log(self, expected: int) -> list[tuple[str, int]]:
        records = await read_all(self.kafka, self.prefix + MEMBER_EVENTS.name, expected)
        return [(r.key.decode(), int(dict(r.headers)["aggregate_version"])) for r in records]


async def keep(changed: Message, uow: UnitOfWork) -> None:
    await uow.connection.execute(
        text(
            "INSERT INTO member (member_id, name, legal_form, official_key, status, version)"
            " VALUES (CAST(:id AS uuid), 'a', 'other', :key, :status, :version)"
            " ON CONFLICT (member_id) DO UPDATE SET version = :version, status = :status"
        ),
        {
            "id": changed.key,
            "key": changed.key,
            "status": changed.status,
            "version": changed.version,
        },
    )


@pytest.fixture(scope="module")
def forgetful(postgres: PostgresServer):
    return make_database(postgres, "members", prefix="forgetful_")


@pytest.fixture
async def restoring(forgetful) -> AsyncIterator[AsyncEngine]:
    """As who may put tables back."""
    made = create_engine(forgetful.owner_url, application="restoring", pool_size=1)
    yield made
    await made.dispose()


@pytest.fixture
async def engine(forgetful, restoring: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    made = engine_of(forgetful)
    async with restoring.begin() as connection:
        await ensure_partitions(connection, clock.now().date())
        for table in ("outbox", "member", "published", "version_floor"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
        await connection.exec_driver_sql("UPDATE lease SET lease_until = '-infinity'")
    yield made
    await made.dispose()


@pytest.fixture
def owner(database: Database, kafka: KafkaBroker, prefix: str, restoring: AsyncEngine) -> Owner:
    return Owner(database, kafka, prefix, restoring)
