"""Alive while the loop turns; ready while database and parts work."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from marktbund import health
from marktbund.composition import Service, build
from marktbund.settings import ServiceSettings
from marktbund.unit_of_work import Database, create_engine

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
SETTINGS = ServiceSettings(
    deployment="test",
    role="worker",
    database_url=NOWHERE,
    kafka="127.0.0.1:1",
    kafka_user="x",
    kafka_password="x",
    issuer_url="http://127.0.0.1/local-issuer",
    http_port=1,
    hosts=("test",),
    pool_size=3,
    max_overflow=2,
)


@pytest.fixture
def trouble() -> dict[str, str]:
    return {}


@pytest.fixture
async def ask(database: Database, trouble: dict[str, str]) -> AsyncIterator[Callable]:
    app = FastAPI()
    app.include_router(health.router(lambda: dict(trouble)))
    app.state.database = database
    app.state.settings = SETTINGS
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def asked(path: str) -> httpx.Response:
            return await client.get(f"/health/{path}")

        asked.app = app
        yield asked


async def test_ready(ask):
    answer = await ask("ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ready",
            "role": "worker",
            "pool": {"size": 3, "max_overflow": 2},
            "trouble": {},
        },
    )


async def test_a_part_that_does_not_work_is_named(ask, trouble):
    trouble["consumer"] = "no poll for a minute"
    answer = await ask("ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.json()["trouble"] == {"consumer": "no poll for a minute"}
    assert (await ask("live")).json() == {"status": "ok"}


async def test_without_a_database_it_lives_and_is_not_ready(ask):
    engine = create_engine(NOWHERE, application="test")
    ask.app.state.database = Database(engine, "members")
    answer = await ask("ready")
    assert (answer.status_code, set(answer.json()["trouble"])) == (503, {"database"})
    assert "nobody" not in answer.text
    assert (await ask("live")).status_code == 200
    await engine.dispose()


async def test_health_needs_no_account_and_stands_in_no_contract():
    app = build(Service(name="members", title="Mitglieder", routers=[]), SETTINGS)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/health/live")).status_code == 200
    assert app.openapi()["paths"] == {}
