"""Days and quantities of agreements and call-offs: what cannot be is refused, nothing is kept."""

from typing import Any

import pytest

NOON = "2026-05-04T12:00:00+02:00"


async def checked(desk, agreement_id: str, **line: Any) -> list[dict[str, str]]:
    usual = {"lot_no": 1, "position_no": 1, "quantity": "10"} | line
    body = {"agreement_id": agreement_id, "lines": [usual]}
    before = await desk.standing()
    answer = await desk.post("/call-offs", body, Business_Time=NOON)
    assert answer.status_code == 409, answer.text
    assert await desk.standing() == before
    reasons: list[dict[str, str]] = answer.json()["reasons"]
    return reasons


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({"quantity": "0.5"}, "quantity_not_whole", "lines[0].quantity"),
        (
            {"requested_delivery_date": "2026-05-03"},
            "day_in_the_past",
            "lines[0].requested_delivery_date",
        ),
    ],
)
async def test_a_call_off_that_cannot_be(desk, office, line: dict[str, str], code: str, field: str):
    agreement_id = (await office.in_force())["agreement_id"]
    [reason] = await checked(desk, agreement_id, **line)
    assert (reason["code"], reason["field"]) == (code, field)
    assert reason["way_out"]


@pytest.mark.parametrize("ends_on", ["2026-05-03", "2026-08-31"])
async def test_a_change_ends_no_agreement_before_it_applies(desk, office, ends_on: str):
    agreement_id = (await office.in_force())["agreement_id"]
    before = await desk.standing()
    content = {"kind": "term", "ends_on": ends_on}
    answer = await office.changed(agreement_id, content, effective_on="2026-09-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "term_invalid")
    assert answer.json()["field"] == "content.ends_on"
    assert "01.09.2026" in answer.json()["way_out"]
    assert await desk.standing() == before


async def test_a_change_approved_too_late_ends_nothing_in_the_past(desk, office):
    agreement_id = (await office.in_force())["agreement_id"]
    path = f"/agreements/{agreement_id}/changes"
    content = {"kind": "term", "ends_on": "2026-05-10"}
    body = {"effective_on": "2026-05-05", "basis": "Nr. 7", "content": content}
    change = (await office.post(path, body)).json()
    late = await office.post(
        f"{path}/{change['change_no']}/approval",
        second=True,
        Business_Time="2026-05-20T12:00:00+02:00",
    )
    assert (late.status_code, late.json()["code"]) == (422, "term_invalid")
    known = await office.get(f"/agreements/{agreement_id}")
    assert (known["status"], known["ends_on"]) == ("in_force", "2028-12-31")


@pytest.mark.parametrize(
    ("days", "code", "field"),
    [
        (
            {"entitled_from": "2026-05-04", "entitled_to": "2026-05-03"},
            "entitlement_invalid",
            "content.entitlement.entitled_to",
        ),
        (
            {"entitled_from": "2026-01-01", "entitled_to": "2026-05-03"},
            "term_invalid",
            "content.entitlement.entitled_to",
        ),
        ({"entitled_from": 1767225600}, "invalid_input", None),
    ],
)
async def test_an_entitlement_ends_neither_before_it_begins_nor_in_the_past(
    desk, office, days: dict[str, Any], code: str, field: str | None
):
    agreement_id = (await office.in_force())["agreement_id"]
    entry = {"member_id": str(desk.member_id)} | days
    before = await desk.standing()
    answer = await office.changed(agreement_id, {"kind": "entitlement", "entitlement": entry})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert field in {None, answer.json()["field"]}
    assert await desk.standing() == before


async def test_an_agreement_whose_term_is_over_is_not_confirmed(desk, office):
    draft = await office.drafted(starts_on="2025-01-01", ends_on="2026-05-03")
    before = await desk.standing()
    answer = await office.post(f"/agreements/{draft['agreement_id']}/confirmation", second=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "term_invalid")
    assert await desk.standing() == before


async def test_of_pieces_a_ceiling_is_a_whole_number(desk, office):
    lots = office.terms()["lots"]
    lots[0]["ceilings"] = [{"quantity": "9000.5"}]
    before = await desk.standing()
    answer = await office.post("/agreements", office.terms(lots=lots))
    assert (answer.status_code, answer.json()["code"]) == (422, "quantity_not_whole")
    assert answer.json()["field"] == "lots[0].ceilings.quantity"
    assert await desk.standing() == before
    agreement_id = (await office.in_force())["agreement_id"]
    content = {"kind": "ceiling", "lot_no": 1, "ceiling": {"quantity": "9500.5"}}
    answer = await office.changed(agreement_id, content | {"raise_ground": "132_1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "quantity_not_whole")


async def test_a_call_off_at_another_sum_than_shown_stops(desk, office):
    agreement_id = (await office.in_force())["agreement_id"]
    line = {"lot_no": 1, "position_no": 1, "quantity": "10"}
    body = {"agreement_id": agreement_id, "lines": [line], "seen_net_total": "119.00"}
    before = await desk.standing()
    answer = await desk.post("/call-offs", body, Business_Time=NOON)
    assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
    assert answer.json()["net_total"] == "120.00"
    assert await desk.standing() == before
    body["seen_net_total"] = "120.00"
    answer = await desk.post("/call-offs", body, Business_Time=NOON)
    assert (answer.status_code, answer.json()["net_total"]) == (201, "120.00")
