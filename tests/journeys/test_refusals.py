"""What must be refused, as a problem with a stable code and the field; nothing changed."""

from uuid import uuid4

import pytest

from tests.market import ARTICLES, Market, publish
from tests.running import Platform, eventually

JSON = {"Content-Type": "application/json"}
STATE = """SELECT (SELECT count(*) FROM spot_order), (SELECT count(*) FROM order_line),
                  (SELECT count(*) FROM idempotency)"""


def _line(article: str, quantity: str = "1") -> dict[str, str]:
    return {"article_id": article, "quantity": quantity}


@pytest.mark.parametrize(
    ("how", "status", "code", "field"),
    [
        (lambda _: {"content": b'{"lines": [', "headers": JSON}, 400, "malformed_json", None),
        (
            lambda _: {"json": {"lines": [_line(str(uuid4()))]}},
            422,
            "article_unknown",
            "lines[0].article_id",
        ),
        (
            lambda m: {"json": {"lines": [_line(m.articles[0][0], "0")]}},
            422,
            "invalid_input",
            "lines[0].quantity",
        ),
        (
            lambda m: {"json": {"lines": [_line(m.articles[0][0], "-1")]}},
            422,
            "invalid_input",
            "lines[0].quantity",
        ),
        (
            lambda m: {"json": {"lines": [_line(m.articles[0][0], "10000000")]}},
            422,
            "invalid_input",
            "lines[0].quantity",
        ),
        (lambda _: {"json": {"lines": []}}, 422, "invalid_input", "lines"),
        (
            lambda _: {"content": b" " * 1_100_000, "headers": JSON},
            413,
            "body_too_large",
            "body",
        ),
    ],
    ids=["bad json", "unknown article", "zero", "negative", "too many", "no lines", "oversized"],
)
async def test_a_bad_order_is_refused_and_changes_nothing(
    platform: Platform, market: Market, how, status: int, code: str, field: str | None
):
    before = await platform.rows("orders", STATE)
    answer = await platform.call(
        "POST", "orders", "/orders", **how(market), **market.requester("a")
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem.get("field"), problem["status"]) == (code, field, status)
    assert problem["title"]
    assert await platform.rows("orders", STATE) == before


async def test_a_key_with_another_body_is_refused(platform: Platform, market: Market):
    key = str(uuid4())
    me = market.requester("a")
    body = {"lines": [_line(market.articles[2][0])]}
    first = await platform.call("POST", "orders", "/orders", json=body, key=key, **me)
    again = await platform.call("POST", "orders", "/orders", json=body, key=key, **me)
    assert (again.status_code, again.json()) == (201, first.json())
    before = await platform.rows("orders", STATE)
    body["lines"][0]["quantity"] = "2"
    other = await platform.call("POST", "orders", "/orders", json=body, key=key, **me)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["field"] == "Idempotency-Key"
    assert await platform.rows("orders", STATE) == before


async def test_a_withdrawn_article_is_refused(platform: Platform, market: Market):
    """A newer price list no longer names the article; orders hears of it and refuses."""
    await publish(platform, market, 2, number=2, articles=ARTICLES - 1)
    body = {"lines": [_line(market.articles[2][ARTICLES - 1])]}
    withdrawn = "SELECT count(*) FROM article WHERE NOT active"

    async def heard() -> int:
        return int((await platform.rows("orders", withdrawn))[0][0])

    await eventually(heard, lambda count: count == 1)
    before = await platform.rows("orders", STATE)
    answer = await platform.call("POST", "orders", "/orders", json=body, **market.requester("a"))
    assert (answer.status_code, answer.json()["code"]) == (422, "article_withdrawn")
    assert answer.json()["field"] == "lines[0].article_id"
    assert await platform.rows("orders", STATE) == before
    await publish(platform, market, 2, number=3)
    await eventually(heard, lambda count: count == 0)
