"""The service on real PostgreSQL: rolled back where one connection is enough, committed where
sealers, notaries and forgers meet.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from documentation import jobs
from documentation.main import SERVICE
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from marktbund.unit_of_work import Database

from .ledger import TABLES, Ledger, order_events, person_events, received, take_in
from .log import LogBook, Topic


async def _make_role(server: PostgresServer, role: str) -> None:
    admin = await asyncpg.connect(server.url())
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await admin.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'test'")
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture(scope="session")
def documentation_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("documentation")


@pytest.fixture
async def connection(
    documentation_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(documentation_database)):
        yield made


@pytest.fixture
async def doors(
    connection: AsyncConnection,
    documentation_database: ServiceDatabase,
    signing_key: Ed25519PrivateKey,
) -> Doors:
    service = replace(SERVICE, state={"public_key": signing_key.public_key()})
    return doors_of(service, connection, documentation_database.app_url)


@pytest.fixture(scope="session")
def committed_database(postgres: PostgresServer) -> ServiceDatabase:
    asyncio.run(_make_role(postgres, "ledger_documentation_disposal"))
    return make_database(postgres, "documentation", prefix="ledger_")


@pytest.fixture(scope="session")
async def owner(committed_database: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(committed_database.owner_url)
    yield made
    await made.dispose()


@pytest.fixture
async def ledger(
    committed_database: ServiceDatabase,
    engines: Engines,
    owner: AsyncEngine,
    signing_key: Ed25519PrivateKey,
    tmp_path: Path,
) -> Ledger:
    database = Database(engines(committed_database), "documentation")
    topic = Topic(database)
    made = Ledger(
        database,
        committed_database,
        owner,
        signing_key,
        jobs.Sealer(),
        topic,
        LogBook(topic),
        jobs.Notary(signing_key, topic, demo=False),
        tmp_path,
    )
    await made.as_owner(
        f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE",
        "UPDATE lease SET lease_until = '-infinity', owner = NULL",
    )
    return made


@pytest.fixture
def build() -> Any:
    """The builders above, since tests cannot import from each other under importlib mode."""

    class Builders:
        event = staticmethod(received)
        orders = staticmethod(order_events)
        persons = staticmethod(person_events)
        take_in = staticmethod(take_in)

    return Builders
