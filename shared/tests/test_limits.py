"""Bodies are counted while they arrive; every answer carries the request's id."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel

from marktbund.http import add_problem_handlers
from marktbund.ids import new_id
from marktbund.limits import Limits

CEILING, WIDE = 1_000, 5_000


class Note(BaseModel):
    text: str


@pytest.fixture
def seen() -> list[int]:
    """Sizes of the bodies that reached a door."""
    return []


@pytest.fixture
async def client(seen: list[int]) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()

    @app.post("/raw")
    @app.post("/uploads/price-list")
    async def raw(request: Request) -> dict[str, int]:
        seen.append(len(await request.body()))
        return {"bytes": seen[-1]}

    @app.post("/parsed")
    async def parsed(note: Note) -> dict[str, int]:
        seen.append(len(note.text))
        return {"bytes": seen[-1]}

    add_problem_handlers(app)
    app.add_middleware(Limits, body_bytes=CEILING, wide=("/price-list",), wide_bytes=WIDE)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def whole(size: int) -> bytes:
    return b" " * size


def chunked(size: int) -> AsyncIterator[bytes]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 100):
            yield b" " * min(100, size - start)

    return pieces()


FORMS = pytest.mark.parametrize("form", [whole, chunked])


@FORMS
@pytest.mark.parametrize(("path", "size"), [("/raw", CEILING), ("/uploads/price-list", WIDE)])
async def test_a_body_up_to_the_ceiling_passes(client, form: Callable, path: str, size: int):
    answer = await client.post(path, content=form(size))
    assert (answer.status_code, answer.json()) == (200, {"bytes": size})


@FORMS
@pytest.mark.parametrize(
    ("path", "ceiling"), [("/raw", CEILING), ("/parsed", CEILING), ("/uploads/price-list", WIDE)]
)
async def test_a_byte_more_is_refused(client, seen, form: Callable, path: str, ceiling: int):
    headers = {"Content-Type": "application/json"}
    answer = await client.post(path, content=form(ceiling + 1), headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (
        413,
        "body_too_large",
        "body",
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert UUID(answer.headers["x-request-id"])
    assert (problem["title"], problem["way_out"]) == (
        "Die Anfrage ist zu groß",
        "Bitte teilen Sie den Vorgang auf.",
    )
    assert seen == []


async def test_a_length_that_lies_is_counted_all_the_same(client, seen):
    headers = {"Content-Length": "10"}
    answer = await client.post("/raw", content=chunked(CEILING * 3), headers=headers)
    assert (answer.status_code, seen) == (413, [])


@pytest.mark.parametrize(
    "sent", [str(new_id()), "", "4711", "x" * 5000], ids=["uuid", "none", "word", "long"]
)
async def test_every_request_gets_an_id_of_ours(client, sent: str):
    answer = await client.post("/raw", content=b"", headers={"X-Request-Id": sent})
    [made] = answer.headers.get_list("x-request-id")
    assert UUID(made)
    assert made != sent
