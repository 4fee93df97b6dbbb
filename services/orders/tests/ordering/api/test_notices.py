"""Who is given notice of an order: whoever may approve, then the requester, and nobody else."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.contracts.notices import NoticeGiven
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.contracts.supplier_gateway import OrderResponseReceived, ResponseLine
from marktbund.ids import new_id
from orders.ordering import handlers

WANTED = business_date(now()) + timedelta(days=14)
LATER = WANTED + timedelta(days=1)
LIMIT = RouteLimit(route="direct", up_to_net=5000)


async def given(desk) -> list[NoticeGiven]:
    """All notices so far, in order."""
    query = text("SELECT payload FROM outbox WHERE aggregatetype = 'notice' ORDER BY seq")
    rows = await desk.uow.connection.execute(query)
    return [NoticeGiven.model_validate_json(payload) for payload in rows.scalars()]


async def person_of(desk, headers: dict[str, str], sub: str) -> UUID:
    query = text("SELECT person_id FROM principal WHERE sub = :sub")
    person_id: UUID = await desk.uow.connection.scalar(query, {"sub": sub})
    assert headers
    return person_id


@pytest.fixture
async def approvers(desk) -> dict[str, tuple[dict[str, str], UUID]]:
    """Two approvers of the desk's member; one of another member and one who left are not asked."""
    await desk.market.rules(desk.member_id, LIMIT)
    made = {}
    for name, member in (("one", desk.member_id), ("two", desk.member_id), ("far", new_id())):
        headers = await desk.doors.account(("approver", member), sub=name)
        made[name] = (headers, await person_of(desk, headers, name))
    await desk.doors.account(("approver", desk.member_id), sub="gone")
    gone = text("UPDATE principal SET active = false WHERE sub = 'gone'")
    await desk.uow.connection.execute(gone)
    return made


async def decide(desk, headers: dict[str, str], order: dict[str, Any], verdict: str) -> None:
    member = headers | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    seen = (await desk.doors.client.get("/approvals", headers=member)).json()[0]["content_sha256"]
    body = {"verdict": verdict, "content_sha256": seen, "comment": "Bitte prüfen"}
    path = f"/orders/{order['order_id']}/approval"
    answer = await desk.doors.client.post(path, json=body, headers=member)
    assert answer.status_code == 201, answer.text


async def test_an_order_that_waits_is_told_to_every_approver_of_its_member(desk, approvers):
    order = await desk.ordered((desk.paper, "20"))
    notices = await given(desk)
    assert {notice.person_id for notice in notices} == {approvers["one"][1], approvers["two"][1]}
    assert {(notice.kind, str(notice.order_id)) for notice in notices} == {
        ("approval_waiting", order["order_id"])
    }
    assert len({notice.notice_id for notice in notices}) == 2


async def test_below_the_step_nobody_is_asked(desk, approvers):
    await desk.ordered((desk.paper, "2"))
    assert await given(desk) == []


async def test_an_approver_is_not_asked_about_the_own_order(desk, approvers):
    both = await desk.doors.account(
        ("requester", desk.member_id), ("approver", desk.member_id), sub="both"
    )
    member = both | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    answer = await desk.doors.client.post(
        "/orders", json=desk.basket((desk.paper, "20")), headers=member
    )
    assert answer.json()["status"] == "submitted"
    assert await person_of(desk, both, "both") not in {
        notice.person_id for notice in await given(desk)
    }


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        ("approve", "order_approved"),
        ("refuse", "order_refused"),
        ("send_back", "order_sent_back"),
    ],
)
async def test_the_requester_learns_what_was_decided(desk, approvers, verdict: str, kind: str):
    order = await desk.ordered((desk.paper, "20"))
    await decide(desk, approvers["one"][0], order, verdict)
    last = (await given(desk))[-1]
    query = text("SELECT requester_id FROM spot_order WHERE order_id = :order_id")
    requester = await desk.uow.connection.scalar(query, {"order_id": UUID(order["order_id"])})
    assert (last.kind, last.person_id) == (kind, requester)
    assert str(last.order_id) == order["order_id"]


async def test_notices_of_a_person_are_numbered_without_a_gap(desk, approvers):
    for _ in range(3):
        await desk.ordered((desk.paper, "20"))
    mine = [
        notice.version for notice in await given(desk) if notice.person_id == approvers["two"][1]
    ]
    assert mine == [1, 2, 3]


async def answered(desk, **word: Any) -> list[str]:
    """The kinds of notices after an answer to an order wanted for WANTED."""
    body = desk.basket((desk.paper, "3"))
    body["lines"][0]["requested_delivery_date"] = WANTED.isoformat()
    order = (await desk.post("/orders", body)).json()
    (shared,) = await desk.shares(order["order_id"])
    usual = {"decision": "accepted", "quantity": "3", "unit_price_net": "12.50", "line_no": 1}
    line = ResponseLine.model_validate(usual | word)
    await desk.market.tell(OrderResponseReceived(response_id=new_id(), lines=(line,), **shared))
    await desk.doors.database.flush(desk.uow)
    return [notice.kind for notice in await given(desk)]


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ({}, []),
        ({"promised_date": WANTED.isoformat()}, []),
        ({"promised_date": LATER.isoformat()}, ["supplier_late"]),
        ({"decision": "changed", "quantity": "2"}, ["supplier_changed"]),
        (
            {"decision": "changed", "quantity": "2", "promised_date": LATER.isoformat()},
            ["supplier_late"],
        ),
        ({"decision": "refused", "quantity": "0", "unit_price_net": "0"}, ["supplier_refused"]),
    ],
)
async def test_an_answer_that_is_not_as_ordered_is_told(desk, word: Any, kinds: list[str]):
    assert await answered(desk, **word) == kinds


async def test_goods_that_did_not_come_are_told_once(desk):
    await answered(desk, promised_date=WANTED.isoformat())
    assert await handlers.tell_of_late(WANTED, 100, desk.uow) == 0
    assert await handlers.tell_of_late(LATER, 100, desk.uow) == 1
    assert await handlers.tell_of_late(LATER + timedelta(days=1), 100, desk.uow) == 0
    await desk.doors.database.flush(desk.uow)
    assert [notice.kind for notice in await given(desk)] == ["supplier_late"]


async def test_goods_without_a_day_are_never_late(desk):
    await desk.ordered((desk.paper, "3"))
    assert await handlers.tell_of_late(date(2031, 1, 1), 100, desk.uow) == 0
