from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import Doors, Engines, doors_of, rolled_back
from members.main import SERVICE


@pytest.fixture(scope="session")
def members_database(databases: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return databases("members")


@pytest.fixture(scope="session")
def committed(postgres: PostgresServer) -> ServiceDatabase:
    """A database of its own for what several transactions do to one another."""
    return make_database(postgres, "members", prefix="at_once_")


@pytest.fixture
async def connection(
    members_database: ServiceDatabase, engines: Engines
) -> AsyncIterator[AsyncConnection]:
    async for made in rolled_back(engines(members_database)):
        yield made


@pytest.fixture
async def doors(connection: AsyncConnection, members_database: ServiceDatabase) -> Doors:
    return doors_of(SERVICE, connection, members_database.app_url)
