"""Agreements at the moments something becomes binding: confirmed, changed, a call-off placed."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from marktbund.contracts.rule_sets import ApprovalStep, RuleSetState
from marktbund.ids import new_id

NOON = "2026-05-04T12:00:00+02:00"
LATER = "2026-05-06T12:00:00+02:00"


@pytest.fixture
async def waiting(desk, office) -> tuple[str, str]:
    """A call-off of 1,200 EUR that waits for an approver, and its agreement."""
    steps = (ApprovalStep(above_net=Decimal(1000)),)
    await desk.market.tell(
        RuleSetState(
            version=1,
            rule_set_id=new_id(),
            member_id=desk.member_id,
            status="active",
            rules=(),
            approval_steps=steps,
        )
    )
    agreement_id = (await office.in_force())["agreement_id"]
    line = {"lot_no": 1, "position_no": 1, "quantity": "100"}
    body = {"agreement_id": agreement_id, "lines": [line]}
    answer = await desk.post("/call-offs", body, Business_Time=NOON)
    assert (answer.status_code, answer.json()["status"]) == (201, "submitted")
    return answer.json()["order_id"], agreement_id


async def approve(desk, order_id: str) -> Any:
    token = await desk.doors.account(("approver", desk.member_id))
    headers = dict(token) | {"Member": str(desk.member_id)}
    [seen] = (await desk.doors.client.get("/approvals", headers=headers)).json()
    body = {"verdict": "approve", "content_sha256": seen["content_sha256"]}
    headers |= {"Idempotency-Key": str(new_id()), "Business-Time": LATER}
    return await desk.doors.client.post(f"/orders/{order_id}/approval", json=body, headers=headers)


async def supplier_suspended(desk, office, _: str) -> None:
    await desk.market.supplier(supplier_id=office.supplier_id, status="suspended", version=2)


async def article_withdrawn(desk, office, _: str) -> None:
    known = {"article_id": office.article_id, "status": "withdrawn", "version": 2}
    await desk.market.article(office.supplier_id, **known)


async def unit_changed(desk, office, _: str) -> None:
    known = {"article_id": office.article_id, "order_unit": "PK", "version": 2}
    await desk.market.article(office.supplier_id, **known)


async def member_suspended(desk, office, _: str) -> None:
    await desk.market.member(member_id=desk.member_id, status="suspended", version=2)


async def agreement_ended(desk, office, agreement_id: str) -> None:
    assert (await office.post(f"/agreements/{agreement_id}/end")).status_code == 200


async def term_over(desk, office, agreement_id: str) -> None:
    content = {"kind": "term", "ends_on": "2026-05-05"}
    assert (await office.changed(agreement_id, content)).status_code == 200


async def entitlement_over(desk, office, agreement_id: str) -> None:
    entry = {"member_id": str(desk.member_id), "entitled_from": "2026-01-01"}
    content = {"kind": "entitlement", "entitlement": entry | {"entitled_to": "2026-05-05"}}
    assert (await office.changed(agreement_id, content)).status_code == 200


async def price_pinned_anew(desk, office, agreement_id: str) -> None:
    content = {"kind": "price", "lot_no": 1, "position_no": 1, "unit_price_net": "12.5000"}
    changed = await office.changed(agreement_id, content, effective_on="2026-05-05")
    assert changed.status_code == 200


async def successor_in_its_place(desk, office, agreement_id: str) -> None:
    article_id = await desk.market.article(office.supplier_id, "12.00", article_number="BW-2")
    content = {"kind": "successor", "lot_no": 1, "position_no": 1, "article_id": str(article_id)}
    assert (await office.changed(agreement_id, content)).status_code == 200


REASONS = {
    supplier_suspended: "supplier_not_active",
    article_withdrawn: "article_discontinued",
    unit_changed: "unit_differs",
    member_suspended: "member_not_active",
    agreement_ended: "agreement_not_in_force",
    term_over: "agreement_not_in_force",
    entitlement_over: "entitlement_over",
    price_pinned_anew: "price_changed",
    successor_in_its_place: "article_changed",
}


@pytest.mark.parametrize("happens", REASONS, ids=lambda happens: happens.__name__)
async def test_a_call_off_is_refused_with_the_reason_and_its_room_is_free(
    desk, office, waiting: tuple[str, str], happens: Callable[..., Awaitable[None]]
):
    order_id, agreement_id = waiting
    await happens(desk, office, agreement_id)
    answer = await approve(desk, order_id)
    assert (answer.status_code, answer.json()["status"]) == (201, "refused"), answer.text
    (against,) = answer.json()["hindrances"]
    assert against["code"] == REASONS[happens]
    assert against["way_out"]
    assert (await desk.get(f"/orders/{order_id}")).json()["supplier_orders"] == []
    query = "SELECT DISTINCT used_value_net FROM agreement_ceiling"
    assert list((await desk.uow.connection.exec_driver_sql(query)).scalars()) == [0]
    query = "SELECT convert_from(payload, 'UTF8')::jsonb FROM outbox WHERE type LIKE :kind"
    event = await desk.uow.connection.scalar(text(query), {"kind": "%OrderRefused%"})
    assert [(entry["member_id"], entry["value_net"]) for entry in event["released"]] == [
        (None, "-1200.00"),
        (str(desk.member_id), "-1200.00"),
    ]
    assert (event["occasion"], event["hindrances"]) == ("approval", [against])


async def test_a_refused_call_off_says_what_it_gives_back(desk, waiting: tuple[str, str]):
    order_id, _ = waiting
    token = await desk.doors.account(("approver", desk.member_id))
    headers = dict(token) | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    [seen] = (await desk.doors.client.get("/approvals", headers=headers)).json()
    body = {"verdict": "refuse", "content_sha256": seen["content_sha256"], "comment": "Zu viel"}
    path = f"/orders/{order_id}/approval"
    assert (await desk.doors.client.post(path, json=body, headers=headers)).status_code == 201
    query = "SELECT convert_from(payload, 'UTF8')::jsonb FROM outbox WHERE type LIKE :kind"
    event = await desk.uow.connection.scalar(text(query), {"kind": "%OrderRefused%"})
    assert [entry["value_net"] for entry in event["released"]] == ["-1200.00", "-1200.00"]
    assert (event["occasion"], event["hindrances"]) == (None, [])


@pytest.mark.parametrize("status", ["suspended", "withdrawn"])
async def test_no_agreement_is_concluded_with_a_supplier_that_may_not_sell(
    desk, office, status: str
):
    draft = await office.drafted()
    await desk.market.supplier(supplier_id=office.supplier_id, status=status, version=2)
    before = await desk.standing()
    path = f"/agreements/{draft['agreement_id']}/confirmation"
    answer = await office.post(path, second=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "partner_not_active")
    assert answer.json()["detail"] == "Los 1: Papier."
    assert answer.json()["way_out"]
    assert await desk.standing() == before


@pytest.mark.parametrize(
    "different",
    [{"status": "withdrawn"}, {"order_unit": "PK"}, {"of": "another supplier"}, {"of": "nobody"}],
)
async def test_a_successor_is_on_sale_at_the_same_partner_in_the_same_unit(
    desk, office, different: dict[str, str]
):
    agreement_id = (await office.in_force())["agreement_id"]
    seller, article_id = office.supplier_id, new_id()
    if different.pop("of", "") == "another supplier":
        seller = await desk.market.supplier(name="Papierhaus")
        await desk.market.article(seller, article_id=article_id)
    elif different:
        await desk.market.article(seller, article_id=article_id, **different)
    content = {"kind": "successor", "lot_no": 1, "position_no": 1, "article_id": str(article_id)}
    answer = await office.changed(agreement_id, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "successor_unfit")
    known = await office.get(f"/agreements/{agreement_id}")
    assert known["lots"][0]["positions"][0]["article_id"] == str(office.article_id)
