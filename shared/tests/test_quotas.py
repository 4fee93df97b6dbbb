"""Nobody asks without end: who is counted, when 429 says to come again, what is remembered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.auth import AnyAccount, within
from marktbund.composition import Service, build
from marktbund.contracts.members import PersonState
from marktbund.errors import TooMany
from marktbund.ids import new_id
from marktbund.principals import keep_principal
from marktbund.quotas import QUOTAS, Buckets, Quota, Quotas
from marktbund.testing.databases import PinnedDatabase
from marktbund.testing.fixtures import ISSUER_URL, Doors, issuer_keys
from marktbund.tokens import TokenVerifier

from .test_health import SETTINGS

FEW = {"reads": 3, "writes": 2, "machine_reads": 5, "exports": 1, "bad_tokens": 2}
router = APIRouter()


@router.get("/list")
@router.post("/list")
async def listed(account: AnyAccount) -> str:
    return account.kind


@router.get("/export")
async def exported(_: AnyAccount, __: Annotated[None, Depends(within("exports"))]) -> str:
    return "all of it"


@router.get("/file")
async def streamed(
    request: Request,
    _: AnyAccount,
    __: Annotated[None, Depends(within("exports", alone="Ein Export"))],
) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        request.app.state.begun.set()
        await request.app.state.go_on.wait()
        yield "all of it"

    return StreamingResponse(parts())


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def app(connection: AsyncConnection, clock: Seconds) -> FastAPI:
    settings = SETTINGS.model_copy(update={"role": "api"})
    app = build(Service(name="members", title="Mitglieder", routers=[router]), settings)
    app.state.database = PinnedDatabase(connection, "members")
    app.state.tokens = TokenVerifier(ISSUER_URL, "marktbund", issuer_keys)
    app.state.quotas = Quotas(FEW, now=clock)
    app.state.gate.open()
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    base = "http://localhost/api/members/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as made:
        yield made


async def account(app: FastAPI, kind: str = "person") -> dict[str, str]:
    sub = f"sub-{new_id()}"
    state = {"version": 1, "person_id": new_id(), "kind": kind, "sub": sub, "active": True}
    doors = Doors(app, app.state.database)
    person = PersonState.model_validate(state | {"grants": ()})
    await keep_principal(person, doors.database.connection)
    return doors.token(sub)


async def statuses(client, headers, count: int, method: str = "GET", path: str = "/list"):
    return [(await client.request(method, path, headers=headers)).status_code for _ in range(count)]


async def test_an_account_reads_and_writes_so_often_and_no_more(client, app, clock):
    mine, other = await account(app), await account(app)
    assert await statuses(client, mine, 5) == [200, 200, 200, 429, 429]
    assert await statuses(client, mine, 3, "POST") == [200, 200, 429]
    assert await statuses(client, other, 1) == [200]
    clock.now += 19.9
    assert await statuses(client, mine, 1) == [429]
    clock.now += 0.1
    assert await statuses(client, mine, 2) == [200, 429]


async def test_a_refusal_says_what_and_when_again(client, app, clock):
    mine = await account(app)
    await statuses(client, mine, 3)
    clock.now += 7.5
    answer = await client.get("/list", headers=mine)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "13")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:marktbund:problem:too_many_requests",
        "title": "Zu viele Anfragen",
        "status": 429,
        "code": "too_many_requests",
        "detail": "Höchstens 3 Abfragen je Minute.",
        "way_out": "Bitte versuchen Sie es in 13 Sekunden noch einmal.",
        "quota": "reads",
        "retry_after": 13,
    }


async def test_a_machine_has_its_own(client, app):
    machine = await account(app, "machine")
    assert await statuses(client, machine, 6) == [200] * 5 + [429]


async def test_a_heavy_door_counts_beside(client, app):
    mine = await account(app)
    assert await statuses(client, mine, 2, path="/export") == [200, 429]
    assert await statuses(client, mine, 2) == [200, 429]


async def test_one_export_of_an_account_runs_until_its_last_byte_is_sent(client, app):
    mine, other = await account(app), await account(app)
    app.state.begun, app.state.go_on = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(client.get("/file", headers=mine))
    await app.state.begun.wait()
    second = await client.get("/file", headers=mine)
    assert (second.status_code, second.headers["retry-after"]) == (429, "5")
    assert (second.json()["code"], second.json()["title"]) == (
        "already_running",
        "Ein Export läuft schon",
    )
    app.state.go_on.set()
    assert (await first).text == "all of it"
    assert await statuses(client, other, 1, path="/file") == [200]
    late = await client.get("/file", headers=mine)
    assert (late.status_code, late.json()["code"]) == (429, "too_many_requests")


async def test_bad_tokens_are_counted_by_address_and_good_ones_are_not(client, app):
    mine = await account(app)
    bad = {"Authorization": "Bearer nonsense"}
    assert await statuses(client, bad, 3) == [401, 401, 429]
    assert await statuses(client, mine, 1) == [200]


def test_memory_is_bounded_and_the_one_not_seen_longest_goes(clock):
    buckets = Buckets(Quota("reads", "account", 1, 60, "Abfragen"), clock, most=2)
    assert [buckets.take(who) for who in ("a", "b")] == [0, 0]
    assert (buckets.take("a"), len(buckets)) == (60, 2)
    assert buckets.take("c") == 0
    assert (buckets.take("b") > 0, buckets.take("a"), len(buckets)) == (True, 0, 2)


def test_one_at_a_time_for_each():
    quotas = Quotas()
    with quotas.alone("verification", "town", "Eine Prüfung"):
        second = quotas.alone("verification", "town", "Eine Prüfung")
        with pytest.raises(TooMany) as refused, second:
            pass
        assert (refused.value.code, refused.value.retry_after) == ("already_running", 5)
        with quotas.alone("verification", "village", "Eine Prüfung"):
            pass
    with quotas.alone("verification", "town", "Eine Prüfung"):
        pass


def test_a_name_that_is_no_quota_stops_the_start():
    with pytest.raises(ValueError, match="no such quota: raeds"):
        Quotas({"raeds": 5})


def test_people_are_counted_in_production_and_programs_hardly():
    production = SETTINGS.model_copy(update={"deployment": "production"})
    assert (production.quota_times, SETTINGS.quota_times) == (1, 1_000)
    assert len({quota.name for quota in QUOTAS}) == len(QUOTAS)


def test_the_guide_shows_the_table():
    guide = Path("docs/guides/quotas.md").read_text(encoding="utf-8")
    for quota in QUOTAS:
        row = f"| {quota.who} | {quota.count:,} | {quota.seconds:,} s | {quota.title} |"
        assert f"| `{quota.name}` {row}" in guide
