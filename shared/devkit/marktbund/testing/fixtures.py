"""pytest fixtures over real engines: one PostgreSQL and one Kafka per run, databases on demand."""

from collections.abc import AsyncIterator, Callable, Iterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from marktbund.composition import Service, build, hearing_of
from marktbund.contracts.members import Grant, PersonState, Role
from marktbund.ids import new_id
from marktbund.principals import keep_principal
from marktbund.settings import ServiceSettings
from marktbund.testing.calls import recorded
from marktbund.testing.databases import PinnedDatabase, ServiceDatabase, make_database
from marktbund.testing.engines.selection import (
    KafkaBroker,
    PostgresServer,
    kafka_broker,
    postgres_server,
)
from marktbund.testing.issuer import Issuer, load_or_make_key
from marktbund.tokens import JwkSet, TokenVerifier
from marktbund.unit_of_work import create_engine

ISSUER_URL = "http://127.0.0.1/local-issuer"
Engines = Callable[[ServiceDatabase], AsyncEngine]
_issuer = Issuer(ISSUER_URL, load_or_make_key(None))
_apps: dict[tuple[str, ...], tuple[Service, FastAPI]] = {}
"""Database and routers -> app: FastAPI works out every route of a new one, for 0.1 s or more."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The run's PostgreSQL."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaBroker]:
    """The run's Kafka."""
    with kafka_broker() as broker:
        yield broker


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Callable[[str], ServiceDatabase]:
    """Service folder name -> its migrated database, made once per run."""
    made: dict[str, ServiceDatabase] = {}

    def database(service: str) -> ServiceDatabase:
        if service not in made:
            made[service] = make_database(postgres, service)
        return made[service]

    return database


@pytest.fixture(scope="session")
async def engines() -> AsyncIterator[Engines]:
    """A service's database -> the run's engine for it: logging in and compiling the same
    statements anew would take most of a short test's time.
    """
    made: dict[str, AsyncEngine] = {}

    def engine(database: ServiceDatabase) -> AsyncEngine:
        if database.name not in made:
            made[database.name] = engine_of(database)
        return made[database.name]

    yield engine
    for built in made.values():
        await built.dispose()


class Doors:
    """A service's doors over one rolled-back transaction, and accounts to knock with."""

    def __init__(self, app: FastAPI, database: PinnedDatabase) -> None:
        self.app = app
        self.database = database
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url=f"http://test/api/{database.source}/v1",
        )
        self.client = recorded(client)

    async def account(self, *roles: tuple[Role, UUID | None], sub: str = "") -> dict[str, str]:
        """Make an account with these roles; returns its Authorization header."""
        person_id = new_id()
        state = PersonState(
            version=1,
            person_id=person_id,
            kind="person",
            sub=sub or f"sub-{person_id}",
            grants=tuple(Grant(role=role, member_id=member) for role, member in roles),
            active=True,
        )
        await keep_principal(state, self.database.connection)
        return self.token(state.sub)

    def token(self, sub: str) -> dict[str, str]:
        """The Authorization header of any token subject, known or not."""
        return {"Authorization": f"Bearer {_issuer.token(sub)}"}

    async def announced(self) -> list[str]:
        """Types of the events in the outbox, in order, without prefix and version.

        Notices to people aside: they go to whoever has an account.
        """
        rows = await self.database.connection.exec_driver_sql(
            "SELECT type FROM outbox WHERE aggregatetype <> 'notice' ORDER BY seq"
        )
        return [str(row.type).split(".")[2] for row in rows]


async def issuer_keys(_: str) -> JwkSet:
    """The test issuer's keys, without a process to ask."""
    return _issuer.keys()


def _app_of(service: Service, app_url: str) -> FastAPI:
    key = (app_url, *(str(id(router)) for router in service.routers))
    if key not in _apps:
        settings = ServiceSettings(
            deployment="test",
            role="api",
            database_url=SecretStr(app_url),
            kafka="127.0.0.1:1",
            kafka_user=service.name,
            kafka_password=SecretStr("unused"),
            issuer_url=ISSUER_URL,
            http_port=1,
            hosts=("test",),
        )
        _apps[key] = service, build(service, settings)  # the service keeps its routers' ids taken
    return _apps[key][1]


def doors_of(service: Service, connection: AsyncConnection, app_url: str) -> Doors:
    """A service's app over a connection whose transaction the test rolls back.

    The app is the run's: what a test may change in it is set here.
    """
    app = _app_of(service, app_url)
    for name, value in service.state.items():
        setattr(app.state, name, value)
    database = PinnedDatabase(connection, service.name)
    app.state.database = database
    app.state.hearing = hearing_of(service)
    app.state.gate.open()
    app.state.tokens = TokenVerifier(ISSUER_URL, "marktbund", issuer_keys)
    return Doors(app, database)


def engine_of(made: ServiceDatabase) -> AsyncEngine:
    """An engine as the app role, as the service itself would make it."""
    return create_engine(made.app_url, application=f"test-{made.service}")


async def rolled_back(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that is rolled back; the body of a service's fixture."""
    async with engine.connect() as connection:
        transaction = await connection.begin()
        try:
            yield connection
        finally:
            await transaction.rollback()
