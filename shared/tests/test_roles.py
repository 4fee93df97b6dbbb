"""A service put together for a role: which doors a process has, and what it knows."""

from collections.abc import Sequence

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from marktbund.composition import KEEP_ALIVE_SECONDS, Service, build, hearing_of
from marktbund.consuming import Hearing
from marktbund.contracts.members import MEMBER_EVENTS, PERSON_STATE
from marktbund.envelope import Received
from marktbund.settings import ServiceSettings
from marktbund.unit_of_work import UnitOfWork

from .test_health import SETTINGS

door = APIRouter()
door.get("/members")(lambda: "a door")
page = APIRouter()
page.get("/seite")(lambda: "a page")


async def heard(records: Sequence[Received], uow: UnitOfWork) -> None:
    del records, uow


def furnished(app: FastAPI) -> None:
    app.state.furnished = True


SERVICE = Service(
    "members", "Mitglieder", [door], state={"clock_face": "12"}, pages=[page], furnish=furnished
)


def built(role: str, service: Service = SERVICE) -> FastAPI:
    app = build(service, SETTINGS.model_copy(update={"role": role}))
    app.state.gate.open()
    return app


async def statuses(app: FastAPI, *paths: str) -> list[int]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return [(await http.get(path)).status_code for path in paths]


@pytest.mark.parametrize(
    ("role", "doors", "pages"), [("api", 200, 200), ("all", 200, 200), ("worker", 404, 404)]
)
async def test_a_worker_has_no_doors_but_those_of_whoever_runs_it(
    role: str, doors: int, pages: int
):
    app = built(role)
    asked = ("/api/members/v1/members", "/seite", "/health/live", "/metrics")
    assert await statuses(app, *asked) == [doors, pages, 200, 200]
    assert getattr(app.state, "furnished", False) is (pages == 200)


@pytest.mark.parametrize("path", ["operations/status", "operations/dead-letters"])
async def test_every_service_has_the_operators_doors_and_asks_who_comes(path: str):
    assert await statuses(built("api"), f"/api/members/v1/{path}") == [401]
    assert await statuses(built("worker"), f"/api/members/v1/{path}") == [404]


async def test_doors_stand_in_the_contract_and_pages_do_not():
    paths = set(built("api").openapi()["paths"])
    assert "/api/members/v1/members" in paths
    assert "/api/members/v1/operations/status" in paths
    assert "/seite" not in paths


async def test_a_request_for_another_host_is_nobodys():
    app = built("api")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://members") as http:
        assert (await http.get("/health/live")).status_code == 200
        strange = await http.get("/health/live", headers={"host": "evil.example"})
    assert (strange.status_code, strange.json()["code"]) == (421, "host_unknown")


def test_what_a_service_keeps_for_its_doors_is_with_the_application():
    state = built("api").state
    assert (state.clock_face, state.database.source) == ("12", "members")
    assert state.settings.pool_size == 3


@pytest.mark.parametrize(
    "issuer",
    ["http://id.example/auth/realms/marktbund", "https://gateway.example/local-issuer"],
)
def test_in_production_nobody_starts_with_an_issuer_that_lets_everybody_in(issuer: str):
    unsafe = SETTINGS.model_copy(update={"deployment": "production", "issuer_url": issuer})
    with pytest.raises(ValueError, match="in production the issuer is"):
        build(SERVICE, unsafe)
    safe = "https://id.example/auth/realms/marktbund"
    assert build(SERVICE, unsafe.model_copy(update={"issuer_url": safe}))


def test_a_service_hears_of_the_people_it_lets_in():
    assert list(hearing_of(SERVICE).handlers) == [PERSON_STATE]
    heard_too = Service("members", "", [], hearing=Hearing({MEMBER_EVENTS: heard}, at_once=7))
    hearing = hearing_of(heard_too)
    assert set(hearing.handlers) == {PERSON_STATE, MEMBER_EVENTS}
    assert (hearing.handlers[MEMBER_EVENTS], hearing.at_once) == (heard, 7)


def test_who_keeps_people_in_its_own_way_is_not_given_another():
    own = Service("members", "", [], hearing=Hearing({PERSON_STATE: heard}))
    assert hearing_of(own).handlers == {PERSON_STATE: heard}
    nobody = Service("members", "", [], keeps_people=False)
    assert hearing_of(nobody).handlers == {}


def test_connections_are_kept_longer_than_the_gateway_keeps_them():
    """Caddy's keepalive of its transport is two minutes unless it is set."""
    assert KEEP_ALIVE_SECONDS > 120


@pytest.mark.parametrize("role", ["", "API", "relay"])
def test_another_role_is_none(role: str):
    values = SETTINGS.model_dump() | {"role": role}
    with pytest.raises(ValueError, match="role"):
        ServiceSettings(**values)
