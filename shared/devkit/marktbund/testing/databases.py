"""A service's database for tests: real roles, real migrations, the app role's rights."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import migrating
from marktbund.envelope import Origin
from marktbund.testing.engines.selection import PostgresServer
from marktbund.unit_of_work import Database, UnitOfWork

_PASSWORD = "test"


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """Addresses of one service's migrated database."""

    service: str
    name: str
    app_url: str
    owner_url: str


async def _provision(server: PostgresServer, name: str) -> None:
    admin = await asyncpg.connect(server.url())
    try:
        for role in (f"{name}_owner", f"{name}_app"):
            if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await admin.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD '{_PASSWORD}'")
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}" OWNER "{name}_owner"')
    finally:
        await admin.close()
    inside = await asyncpg.connect(server.url(name))
    try:
        await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await inside.execute(f'GRANT ALL ON SCHEMA public TO "{name}_owner"')
        await inside.execute(f'GRANT USAGE ON SCHEMA public TO "{name}_app"')
    finally:
        await inside.close()


async def _without_statistics(server: PostgresServer, name: str) -> None:
    # Tests roll back: autovacuum would find full tables empty, and plans would be made for that.
    inside = await asyncpg.connect(server.url(name))
    try:
        tables = await inside.fetch(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = 'public'::regnamespace"
        )
        for table in tables:
            await inside.execute(f"ALTER TABLE {table[0]} SET (autovacuum_enabled = off)")
    finally:
        await inside.close()


def make_database(
    server: PostgresServer, service: str, *, prefix: str = "test_", revision: str = "head"
) -> ServiceDatabase:
    """Create (anew) and migrate `<prefix><service>`; to be called outside an event loop."""
    name = prefix + service.replace("-", "_")
    asyncio.run(_provision(server, name))
    address = f"{server.host}:{server.port}/{name}"
    made = ServiceDatabase(
        service,
        name,
        app_url=f"postgresql+asyncpg://{name}_app:{_PASSWORD}@{address}",
        owner_url=f"postgresql+asyncpg://{name}_owner:{_PASSWORD}@{address}",
    )
    migrating.upgrade(service, revision, url=made.owner_url)
    asyncio.run(_without_statistics(server, name))
    return made


def ask(url: str, query: str, *values: object) -> list[tuple[object, ...]]:
    """Answers of a query over a connection of its own, committed; `$1` and so on are its values.
    To be called outside an event loop.
    """

    async def asked() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return [tuple(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    return asyncio.run(asked())


class PinnedDatabase(Database):
    """A database on one connection whose transaction the test rolls back.

    Each unit of work is a savepoint, so that doors and handlers run as they are.
    """

    def __init__(self, connection: AsyncConnection, source: str) -> None:
        super().__init__(connection.engine, source)
        self.connection = connection

    @asynccontextmanager
    async def begin(self, origin: Origin, tenant: UUID | None = None) -> AsyncIterator[UnitOfWork]:
        async with self.connection.begin_nested():
            if tenant is not None:
                setting = "SELECT set_config('marktbund.member', $1, true)"
                await self.connection.exec_driver_sql(setting, (str(tenant),))
            unit = self.unit(self.connection, origin)
            yield unit
            await self.flush(unit)
        self.note_commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        yield self.connection
