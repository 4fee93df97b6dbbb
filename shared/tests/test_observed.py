"""Every request leaves a count, a time and, where it matters, a line: by template alone."""

import io
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI, Response

from marktbund.errors import Forbidden
from marktbund.http import add_problem_handlers
from marktbund.ids import new_id
from marktbund.jsons import loads
from marktbund.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS, REGISTRY
from marktbund.telemetry.requests import Observed

router = APIRouter()


@router.api_route("/orders/{order_id}", methods=["GET", "POST", "PUT", "DELETE"])
async def order(order_id: str) -> str:
    if order_id == "broken":
        raise KeyError("Mustermann")
    if order_id == "closed":
        raise Forbidden("not_authorised", "Keine Berechtigung")
    return order_id


@router.get("/files/{name}")
async def file(name: str) -> Response:
    disposition = "inline" if name == "shown" else f'attachment; filename="{name}.csv"'
    return Response(name, headers={"Content-Disposition": disposition})


@router.get("/health/ready")
async def ready() -> str:
    return "ready"


@pytest.fixture
async def client(written: io.StringIO) -> AsyncIterator[httpx.AsyncClient]:
    structlog.configure(cache_logger_on_first_use=False)
    app = FastAPI()
    app.include_router(router)
    add_problem_handlers(app)
    app.add_middleware(Observed)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


def lines(written: io.StringIO, event: str) -> list[dict]:
    made = [loads(line) for line in written.getvalue().splitlines()]
    return [line for line in made if line["event"] == event]


def counted(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("marktbund_http_requests_total", labels) or 0.0


def timed(method: str, route: str) -> float:
    labels = {"method": method, "route": route}
    return REGISTRY.get_sample_value("marktbund_http_request_seconds_count", labels) or 0.0


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/orders/4711", "/orders/{order_id}", 200),
        ("POST", "/orders/4711", "/orders/{order_id}", 200),
        ("DELETE", "/orders/closed", "/orders/{order_id}", 403),
        ("PUT", "/orders/broken", "/orders/{order_id}", 500),
        ("GET", "/Erika-Mustermann", "unmatched", 404),
    ],
)
async def test_a_request_is_counted_and_timed_once_by_its_template(
    client, method: str, path: str, route: str, status: int
):
    before = counted(method, route, status), timed(method, route)
    assert (await client.request(method, path)).status_code == status
    assert (counted(method, route, status), timed(method, route)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("method", ["BREW", "Erika", "PROPFIND"])
async def test_a_method_nobody_knows_makes_no_counter_of_its_own(client, method: str):
    """Whoever sends made-up methods must not fill the registry."""
    await client.request(method, "/orders/4711")
    methods = {
        sample.labels["method"]
        for metric in (HTTP_REQUESTS, HTTP_SECONDS)
        for family in metric.collect()
        for sample in family.samples
        if "method" in sample.labels
    }
    assert methods <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}
    assert "other" in methods


async def test_a_value_of_a_path_is_in_no_counter_and_no_line(client, written: io.StringIO):
    await client.post("/orders/Erika-Mustermann?q=geheim")
    await client.post("/Erika-Mustermann")
    shown = written.getvalue() + str(list(HTTP_REQUESTS.collect()))
    assert "Mustermann" not in shown
    assert "geheim" not in shown


@pytest.mark.parametrize(
    ("method", "path", "has_line"),
    [
        ("GET", "/orders/4711", False),
        ("GET", "/nowhere", False),
        ("GET", "/orders/broken", True),
        ("POST", "/orders/4711", True),
        ("PUT", "/orders/closed", True),
        ("DELETE", "/orders/broken", True),
    ],
)
async def test_what_changes_something_or_fails_has_a_line(
    client, written: io.StringIO, method: str, path: str, has_line: bool
):
    answer = await client.request(method, path)
    made = lines(written, "request_answered")
    assert len(made) == has_line
    for line in made:
        assert (line["method"], line["status"]) == (method, answer.status_code)
        assert line["milliseconds"] >= 0


async def test_the_lines_of_a_request_are_joined_by_its_id(client, written: io.StringIO):
    await client.post("/orders/broken")
    [answered], [failed] = lines(written, "request_answered"), lines(written, "request_failed")
    assert answered["correlation_id"] == failed["correlation_id"]
    await client.post("/orders/4711")
    _, other = lines(written, "request_answered")
    assert other["correlation_id"] != answered["correlation_id"]


async def test_a_clients_own_id_stands_beside_ours(client, written: io.StringIO):
    theirs = str(new_id())
    await client.post("/orders/4711", headers={"X-Request-Id": theirs})
    await client.post("/orders/4711", headers={"X-Request-Id": "Erika Mustermann"})
    first, second = lines(written, "request_answered")
    assert first["client_request_id"] == theirs
    assert first["correlation_id"] != theirs
    assert "client_request_id" not in second


async def test_probes_pass_unseen(client, written: io.StringIO):
    before = counted("GET", "/health/ready", 200)
    assert (await client.get("/health/ready")).status_code == 200
    assert counted("GET", "/health/ready", 200) == before
    assert lines(written, "request_answered") == []


@pytest.mark.parametrize(("name", "fetched"), [("list", 1), ("shown", 0)])
async def test_only_what_is_to_be_kept_counts_as_fetched(client, written, name: str, fetched: int):
    await client.get(f"/files/{name}")
    made = lines(written, "document_fetched")
    assert [line["route"] for line in made] == ["/files/{name}"] * fetched
