"""A name nobody has here gets no answer: a page of a stranger must not read what is on loopback."""

import httpx
import pytest
from fastapi import FastAPI

from marktbund.composition import Service, build
from marktbund.hosts import KnownHosts

from .test_health import SETTINGS

NAMES = SETTINGS.model_copy(update={"hosts": ("einkauf.example",)})
PATHS = ("/health/live", "/metrics", "/api/orders/v1/orders", "/api/orders/v1/openapi.json")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    made = build(Service(name="orders", title="Bestellungen", routers=[]), NAMES)
    made.state.gate.open()
    return made


async def asked(app: FastAPI, path: str, host: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path, headers={"Host": host})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8003", "127.0.0.1.evil.example", "[", "", "localhost@evil", ":"],
)
async def test_another_name_is_refused_at_every_door(app: FastAPI, path: str, host: str):
    answer = await asked(app, path, host)
    assert (answer.status_code, answer.json()) == (
        421,
        {
            "type": "urn:marktbund:problem:host_unknown",
            "title": "Unter diesem Namen antwortet hier niemand",
            "status": 421,
            "code": "host_unknown",
            "field": "Host",
            "way_out": "Bitte rufen Sie die Plattform unter ihrer eigenen Adresse auf.",
        },
    )


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8003", "localhost", "[::1]:8003", "orders:8000", "Einkauf.Example", "ORDERS"],
)
async def test_loopback_the_own_name_and_the_settings_names_are_known(app: FastAPI, host: str):
    assert (await asked(app, "/health/live", host)).status_code == 200


async def test_two_hosts_are_none():
    reached: list[str] = []

    async def inner(*_: object) -> None:
        reached.append("inner")

    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    twice = [(b"host", b"localhost"), (b"host", b"localhost")]
    await KnownHosts(inner, hosts=())({"type": "http", "headers": twice}, None, send)
    assert (sent[0]["status"], reached) == (421, [])
