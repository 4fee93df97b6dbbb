"""An approval against what was kept for it: bytes, the order as it is now, or a hash alone."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id

_KEPT = text("SELECT content, content_sha256 FROM route_decision WHERE order_id = :order_id")
_ANEW = text("""
    INSERT INTO route_decision (order_id, decision_no, occasion, decided_at, outcome,
                                content_sha256, content, body)
    SELECT order_id, 2, 'offers', decided_at, outcome, :sha256, :content, body
      FROM route_decision WHERE order_id = :order_id
""")
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
async def approver(desk) -> dict[str, str]:
    """An approver's account; every order above 100 EUR waits for it."""
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=500))
    return await desk.doors.account(("approver", desk.member_id))


async def approve(desk, approver, order_id: str, seen: str) -> tuple[int, str]:
    """Status and, refused, the code of the answer."""
    headers = approver | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    body = {"verdict": "approve", "content_sha256": seen, "comment": ""}
    path = f"/orders/{order_id}/approval"
    answer = await desk.doors.client.post(path, json=body, headers=headers)
    return answer.status_code, answer.json().get("code") or answer.json()["status"]


async def kept(desk, order_id: str) -> bytes:
    row = (await desk.uow.connection.execute(_KEPT, {"order_id": order_id})).one()
    assert hashlib.sha256(row.content).hexdigest() == row.content_sha256
    return row.content


async def keep_instead(desk, order_id: str, content: bytes | None, sha256: str) -> None:
    values = {"order_id": order_id, "content": content, "sha256": sha256}
    await desk.uow.connection.execute(_ANEW, values)


async def kept_changed(desk, order_id: str, change: Change) -> str:
    """The hash of a content that differs from the order's, kept as what its approver sees."""
    approved = orjson.loads(await kept(desk, order_id))
    change(approved)
    content = orjson.dumps(approved, option=orjson.OPT_SORT_KEYS)
    sha256 = hashlib.sha256(content).hexdigest()
    await keep_instead(desk, order_id, content, sha256)
    return sha256


async def test_the_bytes_of_what_is_approved_are_kept_with_their_hash(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    approved = orjson.loads(await kept(desk, order["order_id"]))
    assert approved["order_id"] == order["order_id"]
    (line,) = approved["lines"]
    assert (line["quantity"], line["unit_price_net"]) == ("20", "12.5")
    assert approved["decision"]["outcome"] == "direct"


@pytest.mark.parametrize(
    "unknown_then",
    [
        lambda approved: approved.pop("order_kind"),
        lambda approved: approved["lines"][0].pop("comparable_group"),
        lambda approved: approved["decision"].pop("tell_award_office"),
        lambda approved: approved["decision"]["inputs"].pop("side_costs_net"),
    ],
)
async def test_an_order_submitted_before_a_field_existed_can_be_approved(
    desk, approver, unknown_then: Change
):
    order = await desk.ordered((desk.paper, "20"))
    seen = await kept_changed(desk, order["order_id"], unknown_then)
    assert await approve(desk, approver, order["order_id"], seen) == (201, "placed")


@pytest.mark.parametrize(
    "said_then",
    [
        lambda approved: approved["lines"][0].update(unit_price_net="12.49"),
        lambda approved: approved["lines"][0].update(quantity="2"),
        lambda approved: approved["lines"].append(approved["lines"][0]),
        lambda approved: approved.update(purpose="Freibad"),
        lambda approved: approved["decision"].update(outcome="request"),
    ],
)
async def test_an_order_that_says_something_else_than_was_kept_is_not_approved(
    desk, approver, said_then: Change
):
    order = await desk.ordered((desk.paper, "20"))
    seen = await kept_changed(desk, order["order_id"], said_then)
    assert await approve(desk, approver, order["order_id"], seen) == (409, "content_changed")
    assert (await desk.get(f"/orders/{order['order_id']}")).json()["status"] == "submitted"


async def test_the_hash_of_an_earlier_decision_approves_nothing(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    seen = hashlib.sha256(await kept(desk, order["order_id"])).hexdigest()
    await kept_changed(desk, order["order_id"], lambda approved: approved.pop("order_kind"))
    assert await approve(desk, approver, order["order_id"], seen) == (409, "content_changed")


async def test_a_decision_of_before_bytes_were_kept_is_approved_by_its_hash(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    await keep_instead(desk, order["order_id"], None, "ab" * 32)
    assert await approve(desk, approver, order["order_id"], "cd" * 32) == (409, "content_changed")
    assert await approve(desk, approver, order["order_id"], "ab" * 32) == (201, "placed")


async def test_the_database_takes_no_bytes_of_another_hash(desk, approver):
    order = await desk.ordered((desk.paper, "20"))
    with pytest.raises(IntegrityError, match="route_decision_content"):
        await keep_instead(desk, order["order_id"], b"{}", "ab" * 32)
