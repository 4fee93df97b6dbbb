"""Every way a request fails is problem+json in German: status, stable code, field, way out."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request

from marktbund import errors
from marktbund.contracts.http import ProblemAnswer
from marktbund.envelope import Origin
from marktbund.errors import DomainError, TooMany
from marktbund.http import (
    Today,
    add_problem_handlers,
    client_request_id,
    origin,
    problem,
    request_id,
    tenant_of,
)
from marktbund.ids import new_id

WAY_OUT = "Bitte prüfen Sie die Angabe."


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quantity: Annotated[Decimal, Field(gt=0)]
    note: str = ""


class Cart(BaseModel):
    lines: list[Line]
    kind: Literal["spot", "call_off"] = "spot"


RAISED: dict[str, Exception] = {
    "conflict": errors.Conflict("order_closed", "Schon abgeschlossen", "Am 1. Mai.", field="state"),
    "not_found": errors.NotFound("order_unknown", "Den Auftrag gibt es nicht"),
    "forbidden": errors.Forbidden("not_authorised", "Keine Berechtigung", way_out=WAY_OUT),
    "too_many": TooMany("too_many_requests", "Zu viele", retry_after=7),
    "unavailable": errors.TemporarilyUnavailable("topics_ahead", "Gerade nicht"),
    "extra": errors.Invalid("rows_invalid", "Fehler", extra={"rows": [{"row": 3}], "title": "x"}),
    "lost": OperationalError("SELECT 'geheim'", {}, ConnectionResetError("geheim")),
    "pool": PoolTimeoutError("geheim"),
    "socket": ConnectionResetError("geheim"),
    "row": IntegrityError("INSERT geheim", {}, ValueError("geheim")),
    "bug": KeyError("geheim"),
}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    made = FastAPI()
    made.state.driven_clock = True

    @made.post("/carts")
    async def cart(body: Cart, limit: Annotated[int, Query(ge=1)] = 1) -> int:
        return len(body.lines) + limit

    @made.get("/raised/{name}")
    async def raised(name: str) -> None:
        raise RAISED[name]

    @made.get("/origin")
    async def where_from(sent: Annotated[Origin, Depends(origin)], today: Today) -> list[str]:
        return [sent.correlation_id, str(sent.business_time), str(sent.demo), str(today)]

    @made.get("/member/{member_id}")
    async def member(member_id: UUID, x_day: Annotated[date, Header()]) -> str:
        return f"{member_id} {x_day}"

    add_problem_handlers(made)
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def read(answer: httpx.Response) -> ProblemAnswer:
    assert answer.headers["content-type"] == "application/problem+json"
    refusal = ProblemAnswer.model_validate_json(answer.content)
    assert (refusal.status, refusal.type) == (
        answer.status_code,
        f"urn:marktbund:problem:{refusal.code}",
    )
    return refusal


CLASSES = [
    (errors.Malformed, 400),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.DomainError, 409),
    (errors.TooLarge, 413),
    (errors.Misdirected, 421),
    (errors.Invalid, 422),
    (errors.TemporarilyUnavailable, 503),
]


@pytest.mark.parametrize(("kind", "status"), CLASSES)
def test_the_class_of_a_refusal_is_its_status(kind: type[DomainError], status: int):
    answer = problem(kind("some_code", "Titel", "Einzelheit", field="a.b", way_out=WAY_OUT))
    refusal = ProblemAnswer.model_validate_json(answer.body)
    assert (answer.status_code, refusal.status) == (status, status)
    assert (refusal.code, refusal.title, refusal.detail) == ("some_code", "Titel", "Einzelheit")
    assert (refusal.field, refusal.way_out, refusal.more) == ("a.b", WAY_OUT, {})
    assert "retry-after" not in answer.headers


def test_what_a_refusal_does_not_say_is_left_out():
    answer = problem(errors.NotFound("order_unknown", "Den Auftrag gibt es nicht"))
    assert answer.body == (
        b'{"type":"urn:marktbund:problem:order_unknown","title":"Den Auftrag gibt es nicht",'
        b'"status":404,"code":"order_unknown"}'
    )


async def test_what_only_this_refusal_says_stands_beside_and_never_in_place_of_the_rest(client):
    refusal = read(await client.get("/raised/extra"))
    assert (refusal.title, refusal.more) == ("Fehler", {"rows": [{"row": 3}]})


async def test_who_comes_too_often_hears_when_again(client):
    answer = await client.get("/raised/too_many")
    assert (read(answer).code, answer.headers["retry-after"]) == ("too_many_requests", "7")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("conflict", 409, "order_closed"),
        ("not_found", 404, "order_unknown"),
        ("forbidden", 403, "not_authorised"),
        ("unavailable", 503, "topics_ahead"),
    ],
)
async def test_a_refusal_of_the_domain_is_answered_as_it_is(client, name, status, code):
    refusal = read(await client.get(f"/raised/{name}"))
    assert (refusal.status, refusal.code) == (status, code)


@pytest.mark.parametrize("name", ["lost", "pool", "socket"])
async def test_what_works_later_is_503_and_says_so(client, name: str):
    answer = await client.get(f"/raised/{name}")
    refusal = read(answer)
    assert (refusal.status, refusal.code, answer.headers["retry-after"]) == (503, "try_again", "1")
    assert (refusal.detail, refusal.way_out) == (
        "Es wurde nichts geändert.",
        "Bitte gleich noch einmal versuchen.",
    )


@pytest.mark.parametrize("name", ["row", "bug"])
async def test_a_fault_of_ours_is_500_without_its_words(client, name: str):
    answer = await client.get(f"/raised/{name}")
    assert (read(answer).status, read(answer).code) == (500, "internal_error")
    assert "geheim" not in answer.text
    assert "Error" not in answer.text


@pytest.mark.parametrize("name", ["lost", "pool", "socket"])
async def test_what_a_database_says_is_told_nobody(client, name: str):
    assert "geheim" not in (await client.get(f"/raised/{name}")).text


INPUTS: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "body", "Diese Angabe fehlt."),
    "no list": (b'{"lines": 3}', "lines", "Hier wird eine Liste erwartet."),
    "no lines": (b"{}", "lines", "Diese Angabe fehlt."),
    "a word": (
        b'{"lines": [{"quantity": 1}, {"quantity": "drei"}]}',
        "lines[1].quantity",
        "Das ist keine Zahl. Erlaubt sind die Ziffern 0 bis 9 und ein Punkt.",
    ),
    "zero": (
        b'{"lines": [{"quantity": 0}]}',
        "lines[0].quantity",
        "Der Wert muss größer als 0 sein.",
    ),
    "too much": (
        b'{"lines": [{"quantity": 1, "price": 2}]}',
        "lines[0].price",
        "Diese Angabe ist hier nicht vorgesehen.",
    ),
    "another kind": (
        b'{"lines": [], "kind": "free"}',
        "kind",
        "Erlaubt ist: 'spot' oder 'call_off'.",
    ),
    "a text": (b'{"lines": [{"quantity": 1, "note": 3}]}', "lines[0].note", ""),
}


@pytest.mark.parametrize("case", INPUTS)
async def test_an_input_that_is_none_is_named_by_its_field(client, case: str):
    body, field, sentence = INPUTS[case]
    answer = await client.post("/carts", content=body, headers={"Content-Type": "application/json"})
    refusal = read(answer)
    assert (refusal.status, refusal.code, refusal.field) == (422, "invalid_input", field)
    assert refusal.title == "Eine Angabe ist ungültig"
    assert refusal.detail == (sentence or "Hier wird ein Text erwartet.")


@pytest.mark.parametrize(
    ("body", "position"), [(b"{", "1"), (b'{"lines": [,]}', "11"), (b"drei", "0")]
)
async def test_what_is_no_json_is_400_with_its_position(client, body: bytes, position: str):
    answer = await client.post("/carts", content=body, headers={"Content-Type": "application/json"})
    refusal = read(answer)
    assert (refusal.status, refusal.code) == (400, "malformed_json")
    assert refusal.detail == f"Fehler an Zeichen {position}."


async def test_query_path_and_header_are_named_like_the_body(client):
    many = await client.post("/carts?limit=0", json={"lines": []})
    assert (read(many).field, read(many).detail) == ("limit", "Der Wert muss mindestens 1 sein.")
    path = await client.get("/member/4711", headers={"x-day": "2026-01-01"})
    assert (read(path).field, read(path).status) == ("member_id", 422)
    header = await client.get(f"/member/{new_id()}", headers={"x-day": "2026-02-30"})
    assert (read(header).field, read(header).status) == ("x-day", 422)


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/nowhere", 404, "Nicht gefunden"),
        ("DELETE", "/carts", 405, "Methode nicht erlaubt"),
    ],
)
async def test_a_door_there_is_not_is_said_in_german(client, method, path, status, title):
    refusal = read(await client.request(method, path))
    assert (refusal.status, refusal.code, refusal.title) == (status, f"http_{status}", title)


@pytest.fixture
def driven(app: FastAPI) -> Iterator[FastAPI]:
    """Outside a demo, for one test."""
    app.state.driven_clock = False
    yield app
    app.state.driven_clock = True


async def test_a_demo_says_which_time_it_is_in_business(client):
    answer = await client.get("/origin", headers={"Business-Time": "2019-12-31T23:30:00-02:00"})
    _, time, demo, today = answer.json()
    assert (time, demo, today) == ("2020-01-01 01:30:00+00:00", "True", "2020-01-01")


async def test_without_a_driven_time_business_has_none_of_its_own(client):
    before = datetime.now(UTC)
    _, time, _, today = (await client.get("/origin")).json()
    assert time == "None"
    assert date.fromisoformat(today) >= before.date()


@pytest.mark.parametrize("sent", ["", "morgen", "2026-01-01T10:00:00", "0001-01-01T00:00:00+14:00"])
async def test_a_driven_time_that_is_none_is_refused(client, sent: str):
    refusal = read(await client.get("/origin", headers={"Business-Time": sent}))
    assert (refusal.status, refusal.code, refusal.field) == (
        400,
        "business_time_invalid",
        "Business-Time",
    )


async def test_nobody_drives_the_clock_of_a_production(client, driven: FastAPI):
    time = {"Business-Time": "2019-12-31T23:30:00-02:00"}
    refusal = read(await client.get("/origin", headers=time))
    assert (refusal.status, refusal.code, refusal.field) == (
        400,
        "business_time_refused",
        "Business-Time",
    )
    assert (await client.get("/origin")).json()[2] == "False"


def asked(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "state": {}})


def test_the_id_of_a_request_is_ours_and_stays_the_same():
    request = asked(x_request_id=str(new_id()))
    first = request_id(request)
    assert (UUID(first).version, request_id(request)) == (7, first)
    assert first not in {client_request_id(request), request_id(asked())}


@pytest.mark.parametrize("sent", ["", "4711", "x" * 36, "{}"])
def test_a_clients_id_that_is_none_is_not_kept(sent: str):
    assert client_request_id(asked(x_request_id=sent)) is None
    assert client_request_id(asked()) is None


@pytest.mark.parametrize("form", ["{}", "{{{}}}", "urn:uuid:{}"])
def test_a_clients_id_has_one_form(form: str):
    known = new_id()
    assert client_request_id(asked(x_request_id=form.format(known))) == str(known)


def test_the_tenant_is_who_needs_and_without_one_who_acts():
    acting, needing = new_id(), new_id()
    assert tenant_of(asked(member=str(acting))) == acting
    assert tenant_of(asked(member=str(acting), on_behalf_of=str(needing))) == needing
    assert tenant_of(asked(on_behalf_of=str(needing))) == needing


@pytest.mark.parametrize(
    "headers", [{}, {"member": ""}, {"member": "Musterstadt"}, {"on_behalf_of": "x", "member": "y"}]
)
def test_a_request_that_names_nobody_has_no_tenant(headers: dict[str, str]):
    assert tenant_of(asked(**headers)) is None


def test_a_second_name_that_is_none_does_not_fall_back_to_the_first():
    assert tenant_of(asked(member=str(new_id()), on_behalf_of="Musterstadt")) is None
