"""What no text can be made of is refused before a door sees it."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter

from marktbund.composition import Service, build

from .test_health import SETTINGS

router = APIRouter()


@router.get("/groups/{name}")
async def group(name: str, after: str = "") -> list[str]:
    return [name, after]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    settings = SETTINGS.model_copy(update={"role": "api"})
    app = build(Service(name="members", title="Mitglieder", routers=[router]), settings)
    app.state.gate.open()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    base = "http://localhost/api/members/v1"
    async with httpx.AsyncClient(transport=transport, base_url=base) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/groups/%00", "path"),
        ("/groups/a%0Ab", "path"),
        ("/groups/a%7Fb", "path"),
        ("/groups/a%C2%85b", "path"),
        ("/groups/a%FFb", "path"),
        ("/groups/a%ED%A0%80", "path"),
        ("/nothing%00", "path"),
        ("/groups/a?after=%00", "query"),
        ("/groups/a?%00=1", "query"),
        ("/groups/a?after=%1B", "query"),
        ("/groups/a?after=%FC", "query"),
        ("/groups/a?after=%C2%9F", "query"),
    ],
)
async def test_what_is_no_text_is_refused(client: httpx.AsyncClient, path: str, part: str):
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "type": "urn:marktbund:problem:request_unreadable",
            "title": "Die Anfrage enthält Zeichen, die kein Text sind",
            "status": 422,
            "code": "request_unreadable",
            "detail": "Steuerzeichen und ungültiges UTF-8 werden nicht angenommen.",
            "field": part,
            "way_out": (
                "Bitte öffnen Sie die Adresse neu oder geben Sie sie ohne diese Zeichen ein."
            ),
        },
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert UUID(answer.headers["x-request-id"])


@pytest.mark.parametrize("header", ["X-Request-Id", "Member", "Idempotency-Key", "Cookie"])
async def test_a_header_with_a_control_character_is_refused(client: httpx.AsyncClient, header: str):
    answer = await client.get("/groups/a", headers={header: "a\x01b"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "request_unreadable",
        header.lower(),
    )


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/groups/K%C3%B6ln", ["Köln", ""]),
        ("/groups/%2541", ["%41", ""]),
        ("/groups/a?after=b%20c+d", ["a", "b c d"]),
        ("/groups/a?after=b%09c%0D%0A", ["a", "b\tc\r\n"]),
        ("/groups/a?after=%F0%9F%9A%B2%2B", ["a", "🚲+"]),
    ],
)
async def test_text_passes_as_it_is(client: httpx.AsyncClient, path: str, read: list[str]):
    answer = await client.get(path, headers={"X-Title": "Köln".encode("latin-1")})
    assert (answer.status_code, answer.json()) == (200, read)
