"""What ordering refuses, how it says so, and that nothing stays behind."""

import json

import httpx
import pytest

from marktbund.composition import build
from marktbund.ids import new_id
from marktbund.settings import ServiceSettings
from marktbund.testing.fixtures import ISSUER_URL, issuer_keys
from marktbund.tokens import TokenVerifier
from orders.main import SERVICE

JSON = {"Content-Type": "application/json"}


async def refused(desk, answer: httpx.Response, status: int, code: str, field: str = "") -> None:
    """The answer is this problem, in full, and left no trace."""
    body = answer.json()
    assert (answer.status_code, body["code"], body.get("field", "")) == (status, code, field), body
    assert answer.headers["content-type"] == "application/problem+json"
    assert (body["status"], body["type"]) == (status, f"urn:marktbund:problem:{code}")
    assert body["title"]
    assert answer.headers["x-request-id"]


@pytest.fixture
async def untouched(desk):
    """Every table is after the test as it was before."""
    before = await desk.standing()
    yield
    assert await desk.standing() == before


pytestmark = pytest.mark.usefixtures("untouched")
QUANTITY = "lines[0].quantity"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": 0}, QUANTITY),
        ({"quantity": "-1"}, QUANTITY),
        ({"quantity": "9999999.001"}, QUANTITY),
        ({"quantity": 10_000_000}, QUANTITY),
        ({"quantity": "1.0001"}, QUANTITY),
        ({"quantity": "NaN"}, QUANTITY),
        ({"quantity": "Infinity"}, QUANTITY),
        ({"quantity": float("nan")}, QUANTITY),
        ({"quantity": float("inf")}, QUANTITY),
        ({"quantity": "1e400"}, QUANTITY),
        ({"quantity": "drei"}, QUANTITY),
        ({"quantity": None}, QUANTITY),
        ({"quantity": {}}, QUANTITY),
        ({"article_id": "4711"}, "lines[0].article_id"),
        ({"requested_delivery_date": "2026-02-30"}, "lines[0].requested_delivery_date"),
        ({"colour": "red"}, "lines[0].colour"),
    ],
)
async def test_a_line_that_cannot_be(desk, change: dict[str, object], field: str):
    line = {"article_id": str(desk.paper), "quantity": "1"} | change
    content = json.dumps({"lines": [line]})
    answer = await desk.doors.client.post("/orders", content=content, headers=desk.headers() | JSON)
    await refused(desk, answer, 422, "invalid_input", field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": "all"}, "lines"),
        ({"urgent": True}, "urgent"),
        ({"reference": "x" * 61}, "reference"),
        ({"reference": "B\0"}, "reference"),
        ({"reference": "B\n17"}, "reference"),
        ({"draft": "perhaps"}, "draft"),
    ],
)
async def test_an_order_that_cannot_be(desk, body: dict[str, object], field: str):
    whole = desk.basket() | body if body else {}
    await refused(desk, await desk.post("/orders", whole), 422, "invalid_input", field)


async def test_half_a_character_in_the_reference(desk):
    content = json.dumps(desk.basket(reference="\ud800"))
    answer = await desk.doors.client.post("/orders", content=content, headers=desk.headers() | JSON)
    await refused(desk, answer, 422, "invalid_input", "reference")


async def test_too_many_lines(desk):
    answer = await desk.post("/orders", desk.basket(*[(desk.paper, "1")] * 501))
    await refused(desk, answer, 422, "invalid_input", "lines")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"{]", b'{"lines": [}', b'"\x00'])
async def test_what_is_no_json(desk, content: bytes):
    answer = await desk.doors.client.post("/orders", content=content, headers=desk.headers() | JSON)
    assert answer.status_code == 400
    await refused(desk, answer, 400, answer.json()["code"])


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"lines": ' + b"9" * 5_000 + b"}"])
async def test_json_made_to_hurt(desk, content: bytes):
    answer = await desk.doors.client.post("/orders", content=content, headers=desk.headers() | JSON)
    assert answer.status_code in {400, 422}
    body = answer.json()
    await refused(desk, answer, answer.status_code, body["code"], body.get("field", ""))


async def test_an_unknown_article(desk):
    answer = await desk.post("/orders", desk.basket((desk.paper, "1"), (new_id(), "1")))
    await refused(desk, answer, 422, "article_unknown", "lines[1].article_id")


@pytest.mark.parametrize("member", [None, "", "Musterstadt"])
async def test_a_member_that_is_no_id(desk, member: str | None):
    headers = desk.headers()
    headers.pop("Member")
    answer = await desk.doors.client.post(
        "/orders", json=desk.basket(), headers=headers | ({"Member": member} if member else {})
    )
    await refused(desk, answer, 400, "member_header_invalid", "Member")


async def test_without_a_mandate_nobody_orders_for_another(desk):
    answer = await desk.post("/orders", desk.basket(), On_Behalf_Of=str(new_id()))
    await refused(desk, answer, 403, "no_mandate", "On-Behalf-Of")


async def test_without_a_token(desk):
    desk.token = {}
    await refused(desk, await desk.post("/orders", desk.basket()), 401, "token_missing")


async def test_without_an_idempotency_key(desk):
    headers = desk.headers()
    headers.pop("Idempotency-Key")
    answer = await desk.doors.client.post("/orders", json=desk.basket(), headers=headers)
    await refused(desk, answer, 422, "invalid_input", "idempotency-key")


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_beyond_a_megabyte(desk, chunked: bool):
    async def pieces():
        for _ in range(3):
            yield b" " * 500_000

    content = pieces() if chunked else b" " * 1_500_000
    answer = await desk.doors.client.post("/orders", content=content, headers=desk.headers() | JSON)
    await refused(desk, answer, 413, "body_too_large", "body")


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-01-31T23:30:00", "0001-01-01T00:00:00+14:00", ""]
)
async def test_a_business_time_that_names_no_instant(desk, moment: str):
    answer = await desk.post("/orders", desk.basket(), Business_Time=moment)
    await refused(desk, answer, 400, "business_time_invalid", "Business-Time")


async def test_production_knows_no_business_time(desk):
    settings = ServiceSettings(
        deployment="production",
        role="api",
        database_url="postgresql+asyncpg://nobody@localhost:1/none",
        kafka="127.0.0.1:1",
        kafka_user="x",
        kafka_password="x",
        issuer_url="https://id.example.org/auth/realms/marktbund",
        http_port=1,
        hosts=("test",),
    )
    app = build(SERVICE, settings)
    app.state.gate.open()
    app.state.database = desk.doors.database
    app.state.tokens = TokenVerifier(ISSUER_URL, "marktbund", issuer_keys)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post(
            "/api/orders/v1/orders",
            json=desk.basket(),
            headers=desk.headers(Business_Time="2026-01-31T12:00:00Z"),
        )
    await refused(desk, answer, 400, "business_time_refused", "Business-Time")


async def test_an_order_nobody_knows(desk):
    unknown = f"/orders/{new_id()}"
    await refused(desk, await desk.get(unknown), 404, "order_unknown", "order_id")
    answer = await desk.post(f"{unknown}/submission")
    await refused(desk, answer, 404, "order_unknown", "order_id")
    answer = await desk.post(f"{unknown}/cancellation", {})
    await refused(desk, answer, 404, "order_unknown", "order_id")
    await refused(desk, await desk.get("/orders/17"), 422, "invalid_input", "order_id")
    await refused(desk, await desk.get("/orders?limit=501"), 422, "invalid_input", "limit")
    await refused(desk, await desk.get("/nothing"), 404, "http_404")
    await refused(desk, await desk.doors.client.put("/orders"), 405, "http_405")
