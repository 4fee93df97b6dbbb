"""Free-text orders and what an order says beside its lines, over HTTP."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.clock import business_date, now
from marktbund.ids import new_id
from marktbund.testing.documents import pdf

PDF = pdf("Angebot 4711")
QUOTED_ON = (business_date(now()) - timedelta(days=30)).isoformat()
SHA256 = hashlib.sha256(PDF).hexdigest()
PLACE = {"name": "Bauhof", "street": "Am Bauhof 1", "postcode": "53879", "town": "Euskirchen"}
HOURS = "Mo-Do 7-15 Uhr, Fr 7-12 Uhr"
SAID: dict[str, Any] = {
    "account": {"cost_centre": "57310", "budget_line": "54.10.01/522100"},
    "delivery": {**PLACE, "receiving_hours": HOURS},
    "buyer_reference": "05-57310-42",
    "purpose": "Ersatz der abgängigen Pumpe im Freibad",
}


async def upload(desk) -> None:
    answer = await desk.doors.client.post("/attachments", content=PDF, headers=desk.headers())
    assert answer.status_code == 200, answer.text


async def quoted(desk, **different: Any) -> dict[str, Any]:
    """A line in words, 2 at 450.00, by a supplier of its own."""
    usual = {
        "supplier_id": str(await desk.market.supplier(name="Pumpen Voss")),
        "description": "Umwälzpumpe 20 m³/h, Bronze",
        "cpv": "42122000",
        "order_unit": "H87",
        "unit_price_net": "450.00",
        "vat_rate": "19",
        "document_sha256": SHA256,
        "quoted_on": QUOTED_ON,
    }
    return {"quantity": "2", "free_text": usual | different}


async def events(desk) -> list[dict[str, Any]]:
    query = text("SELECT convert_from(payload, 'UTF8')::jsonb AS event FROM outbox ORDER BY seq")
    return list(await desk.uow.connection.scalars(query))


async def test_a_free_text_line_is_ordered_like_any_other(desk):
    await upload(desk)
    body = {"lines": [await quoted(desk, article_number="UP-20"), {"article_id": str(desk.paper)}]}
    body["lines"][1]["quantity"] = "1"
    made = await desk.post("/orders", body)
    assert (made.status_code, made.json()["status"]) == (201, "placed"), made.text
    assert made.json()["net_total"] == "912.50"
    shown = (await desk.get(f"/orders/{made.json()['order_id']}")).json()
    line = shown["lines"][0]
    assert line["name"] == "Umwälzpumpe 20 m³/h, Bronze"
    assert (line["article_number"], line["order_unit"], line["cpv"]) == ("UP-20", "H87", "42122000")
    assert line["quote"] == {"document_sha256": SHA256, "quoted_on": QUOTED_ON}
    assert UUID(line["article_id"]).version == 7
    assert shown["lines"][1]["quote"] is None
    assert {s["supplier_name"] for s in shown["supplier_orders"]} == {"Pumpen Voss", "Bürowelt"}


async def test_its_supplier_and_the_file_hear_of_the_quote(desk):
    await upload(desk)
    await desk.post("/orders", {"lines": [await quoted(desk)]})
    submitted, placed = (await events(desk))[1], (await events(desk))[-1]
    for event in (submitted, placed):
        assert event["lines"][0]["quote"]["document_sha256"] == SHA256
        group = "free:umwälzpumpe 20 m3/h, bronze|H87"
        assert event["lines"][0]["comparable_group"] == group


async def test_a_draft_keeps_its_words_until_it_is_sent_off(desk):
    await upload(desk)
    line = {**await quoted(desk), "account": {"internal_order": "I-7"}}
    draft = (await desk.post("/orders", {"lines": [line], "draft": True, **SAID})).json()
    sent = await desk.post(f"/orders/{draft['order_id']}/submission")
    assert (sent.status_code, sent.json()["net_total"]) == (201, "900.00"), sent.text
    shown = (await desk.get(f"/orders/{draft['order_id']}")).json()
    assert shown["lines"][0]["quote"]["quoted_on"] == QUOTED_ON
    assert shown["lines"][0]["account"]["internal_order"] == "I-7"
    assert shown["purpose"] == SAID["purpose"]


async def test_what_an_order_says_is_shown_and_told_to_the_file(desk):
    made = await desk.ordered(**SAID)
    shown = (await desk.get(f"/orders/{made['order_id']}")).json()
    assert shown["account"] == {"internal_order": "", **SAID["account"]}
    assert shown["delivery"] == {"country": "DE", "note": "", **SAID["delivery"]}
    assert (shown["buyer_reference"], shown["purpose"]) == (
        SAID["buyer_reference"],
        SAID["purpose"],
    )
    submitted = (await events(desk))[1]
    assert {name: submitted[name] for name in SAID} == {name: shown[name] for name in SAID}


async def test_suppliers_are_told_place_and_reference_but_not_where_it_is_booked(desk):
    line = {"article_id": str(desk.paper), "quantity": "1", "account": {"cost_centre": "57310"}}
    await desk.post("/orders", {"lines": [line], **SAID})
    placed = (await events(desk))[-1]
    assert placed["delivery"]["receiving_hours"] == HOURS
    assert placed["buyer_reference"] == SAID["buyer_reference"]
    assert placed["lines"][0]["account"] is None
    assert not {"account", "purpose"} & set(placed)


async def test_an_old_client_says_nothing_of_it(desk):
    made = await desk.ordered()
    shown = (await desk.get(f"/orders/{made['order_id']}")).json()
    assert [shown[name] for name in SAID] == [None, None, "", ""]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"document_sha256": "0" * 64}, "document_unknown", "document_sha256"),
        ({"supplier_id": str(new_id())}, "supplier_not_selling", "supplier_id"),
        ({"order_unit": "Stück"}, "invalid_input", "order_unit"),
        ({"cpv": "4212"}, "invalid_input", "cpv"),
        ({"description": ""}, "invalid_input", "description"),
        ({"vat_rate": "119"}, "invalid_input", "vat_rate"),
        ({"unit_price_net": "-1"}, "invalid_input", "unit_price_net"),
    ],
)
async def test_a_line_in_words_is_refused_by_name(desk, change, code: str, field: str):
    await upload(desk)
    answer = await desk.post("/orders", {"lines": [await quoted(desk, **change)]})
    problem = (answer.status_code, answer.json()["code"], answer.json()["field"])
    assert problem == (422, code, f"lines[0].free_text.{field}")
    assert await desk.doors.announced() == []


async def test_another_members_document_is_unknown(desk):
    await upload(desk)
    line = await quoted(desk)
    other = await desk.market.member(official_key="05999998")
    desk.token, desk.member_id = await desk.doors.account(("requester", other)), other
    for path in ("/orders", "/route-checks"):
        answer = await desk.post(path, {"lines": [line]})
        assert (answer.status_code, answer.json()["code"]) == (422, "document_unknown")


async def test_a_silent_suppliers_quote_cannot_be_ordered(desk):
    await upload(desk)
    shop = await desk.market.supplier(name="Pumpen Voss", status="suspended")
    answer = await desk.post("/orders", {"lines": [await quoted(desk, supplier_id=str(shop))]})
    assert (answer.status_code, answer.json()["code"]) == (422, "supplier_not_selling")


@pytest.mark.parametrize("both", [True, False])
async def test_a_line_is_an_article_or_words(desk, both: bool):
    await upload(desk)
    line = await quoted(desk)
    line |= {"article_id": str(desk.paper)} if both else {"free_text": None}
    answer = await desk.post("/orders", {"lines": [line]})
    assert (answer.status_code, answer.json()["field"]) == (422, "lines[0]")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"delivery": {**PLACE, "name": ""}}, "delivery.name"),
        ({"delivery": {**PLACE, "country": "Deutschland"}}, "delivery.country"),
        ({"account": {"cost_centre": "1" * 61}}, "account.cost_centre"),
        ({"account": {"kostenstelle": "1"}}, "account.kostenstelle"),
        ({"purpose": "zwei\nZeilen"}, "purpose"),
    ],
)
async def test_what_an_order_says_is_bounded(desk, details, field: str):
    answer = await desk.post("/orders", desk.basket(**details))
    assert (answer.status_code, answer.json()["field"]) == (422, field)
