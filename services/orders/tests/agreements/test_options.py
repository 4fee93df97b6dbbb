"""Every option of agreements' lists and drafts, of a call-off and of its check."""

import json
from typing import Any, get_args

import pytest
from sqlalchemy import text

from marktbund.contracts.agreements import Binding
from marktbund.ids import new_id
from orders.ordering.commands.call_offs import CallOff

NOON = "2026-05-04T12:00:00+02:00"
NAMED: dict[str, Any] = {
    "account": {"cost_centre": "57310"},
    "delivery": {
        "name": "Bauhof",
        "street": "Am Bauhof 1",
        "postcode": "53879",
        "town": "Euskirchen",
    },
    "buyer_reference": "04011000-1234512345-06",
    "purpose": "Winterdienst",
    "reference": "Bauhof 17",
    "seen_net_total": "1200.00",
}


def body_of(agreement_id: str, lot_no: int = 1, **named: Any) -> dict[str, Any]:
    line = {"lot_no": lot_no, "position_no": 1, "quantity": "100"}
    return {"agreement_id": agreement_id, "lines": [line]} | named


async def check(desk, agreement_id: str, lot_no: int = 1, **named: Any) -> dict[str, Any]:
    """A check's answer; nothing is kept of it."""
    before = await desk.standing()
    body = body_of(agreement_id, lot_no, **named)
    answer = await desk.post("/call-off-checks", body, Business_Time=NOON)
    assert answer.status_code == 200, answer.text
    assert await desk.standing() == before
    checked: dict[str, Any] = answer.json()
    return checked


async def call(desk, agreement_id: str, lot_no: int = 1, **named: Any) -> Any:
    body = body_of(agreement_id, lot_no, **named)
    return await desk.post("/call-offs", body, Business_Time=NOON)


async def placed_events(desk) -> list[dict[str, Any]]:
    query = "SELECT payload FROM outbox WHERE type LIKE '%.SupplierOrderPlaced.%' ORDER BY seq"
    rows = await desk.uow.connection.execute(text(query))
    return [json.loads(row.payload) for row in rows]


def test_the_table_knows_every_option():
    elsewhere = {"agreement_id", "lines", "declined"}
    assert set(NAMED) == set(CallOff.model_fields) - elsewhere


@pytest.mark.parametrize("option", NAMED)
async def test_a_check_and_a_call_off_take_every_option(office, desk, option: str):
    agreement_id = (await office.in_force())["agreement_id"]
    named = {option: NAMED[option]}
    checked = await check(desk, agreement_id, **named)
    assert checked == await check(desk, agreement_id)
    assert (checked["possible"], checked["net_total"]) == (True, "1200.00")
    made = await call(desk, agreement_id, **named)
    assert (made.status_code, made.json()["net_total"]) == (201, "1200.00"), made.text
    shown = (await desk.get(f"/orders/{made.json()['order_id']}")).json()
    if option == "seen_net_total":
        return
    value = shown[option]
    if isinstance(value, dict):
        assert {name: value[name] for name in named[option]} == named[option]
    else:
        assert value == named[option]
    [placed] = await placed_events(desk)
    if option == "buyer_reference":
        assert placed["buyer_reference"] == named[option]


async def test_a_call_off_at_another_sum_than_was_seen_is_found_by_the_check(office, desk):
    agreement_id = (await office.in_force())["agreement_id"]
    checked = await check(desk, agreement_id, seen_net_total="1199.99")
    assert (checked["possible"], [reason["code"] for reason in checked["reasons"]]) == (
        False,
        ["price_changed"],
    )
    assert checked["reasons"][0]["field"] == "seen_net_total"
    assert (checked["net_total"], len(checked["lines"])) == ("1200.00", 1)
    before = await desk.standing()
    refused = await call(desk, agreement_id, seen_net_total="1199.99")
    assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
    assert await desk.standing() == before


async def test_a_partners_refusal_on_file_opens_the_next_lot_of_a_cascade(office, desk):
    [first] = office.terms()["lots"]
    positions = [first["positions"][0] | {"unit_price_net": "13.0000"}]
    second = first | {"lot_no": 2, "after_lot_no": 1, "positions": positions}
    agreement_id = (await office.in_force(lots=[first, second]))["agreement_id"]
    silent = await check(desk, agreement_id, 2)
    assert (silent["possible"], [reason["code"] for reason in silent["reasons"]]) == (
        False,
        ["cascade_first"],
    )
    declined = [{"lot_no": 1, "reference": "Schreiben vom 2. Mai"}]
    checked = await check(desk, agreement_id, 2, declined=declined)
    assert (checked["possible"], checked["net_total"]) == (True, "1300.00")
    made = await call(desk, agreement_id, 2, declined=declined)
    shown = (await desk.get(f"/orders/{made.json()['order_id']}")).json()
    filed = "Der Partner von Los 1 hat abgelehnt: Schreiben vom 2. Mai."
    assert filed in shown["decision"]["reasons"]


async def test_an_agreement_there_is_not_is_no_call_off(desk):
    before = await desk.standing()
    refused = await desk.post("/call-off-checks", body_of(str(new_id())), Business_Time=NOON)
    assert (refused.status_code, refused.json()["code"]) == (404, "agreement_unknown")
    assert await desk.standing() == before


@pytest.mark.parametrize("way", ["/orders", "submission"])
async def test_beside_an_open_agreement_a_reason_is_needed(office, desk, way: str):
    await office.in_force(binding="open")
    reason = {"reason_beside_agreement": "Farbe im Vertrag nicht enthalten"}
    path, body = way, desk.basket((desk.paper, "2"))
    if way == "submission":
        draft = await desk.post("/orders", body | {"draft": True}, Business_Time=NOON)
        path, body = f"/orders/{draft.json()['order_id']}/submission", {}
    before = await desk.standing()
    refused = await desk.post(path, body, Business_Time=NOON)
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_missing")
    assert refused.json()["field"] == "reason_beside_agreement"
    assert await desk.standing() == before
    made = await desk.post(path, body | reason, Business_Time=NOON)
    assert (made.status_code, made.json()["status"]) == (201, "placed")
    shown = (await desk.get(f"/orders/{made.json()['order_id']}")).json()
    assert shown["decision"]["inputs"] | reason == shown["decision"]["inputs"]


async def test_agreements_come_in_pages_the_newest_first(office):
    made = [(await office.drafted())["agreement_id"] for _ in range(3)][::-1]
    first = await office.get("/agreements?limit=2")
    rest = await office.get(f"/agreements?limit=2&after={first[-1]['agreement_id']}")
    assert [[row["agreement_id"] for row in page] for page in (first, rest)] == [
        made[:2],
        made[2:],
    ]


async def test_all_agreements_are_listed_unless_the_undecided_alone_are_asked_for(office):
    agreed = (await office.in_force())["agreement_id"]
    draft = (await office.drafted())["agreement_id"]
    listed = {
        word: [row["agreement_id"] for row in await office.get(f"/agreements?undecided={word}")]
        for word in ("false", "true")
    }
    assert listed == {"false": [draft, agreed], "true": [draft]}


@pytest.mark.parametrize("binding", get_args(Binding))
async def test_a_draft_is_revised_to_any_binding(office, binding: str):
    [before] = {"open", "exclusive"} - {binding}
    draft = await office.drafted(binding=before)
    path = f"/agreements/{draft['agreement_id']}"
    revised = await office.put(path, office.terms(binding=binding))
    assert (revised.status_code, revised.json()["binding"]) == (200, binding)
    assert (await office.get(path))["binding"] == binding


async def test_what_is_in_force_is_not_revised(office, desk):
    agreed = await office.in_force()
    path = f"/agreements/{agreed['agreement_id']}"
    before = await desk.standing()
    refused = await office.put(path, office.terms(title="anders"))
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement_state")
    assert await desk.standing() == before
    assert await office.get(path) == agreed
