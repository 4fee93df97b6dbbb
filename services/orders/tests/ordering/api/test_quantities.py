"""Quantities and days that nobody can deliver are refused with the next that can be had."""

from datetime import timedelta
from typing import Any

import pytest

from marktbund.clock import business_date, now
from marktbund.contracts.rule_sets import RouteLimit
from marktbund.ids import new_id


def day(days: int = 0) -> str:
    """So many days from today, as the doors write it."""
    return (business_date(now()) + timedelta(days=days)).isoformat()


async def refused(desk, body: Any, path: str = "/orders") -> dict[str, Any]:
    before = await desk.standing()
    answer = await desk.post(path, body)
    assert await desk.standing() == before
    assert answer.status_code == 422, answer.text
    problem: dict[str, Any] = answer.json()
    return problem


@pytest.fixture
async def bolts(desk) -> Any:
    """Sold in packs, at least 10, in steps of 5."""
    shop = await desk.market.supplier(name="Schrauben Voss")
    return await desk.market.article(
        shop, "2.00", name="Schrauben", minimum_quantity="10", quantity_interval="5"
    )


@pytest.mark.parametrize(
    ("quantity", "code", "way_out"),
    [
        ("1", "quantity_below_minimum", "Die nächste mögliche Menge: 10 Packungen."),
        ("12", "quantity_off_interval", "Die nächste mögliche Menge: 15 Packungen."),
        ("11.5", "quantity_not_whole", "Die nächste mögliche Menge: 15 Packungen."),
        ("1200001", "quantity_off_interval", "Die nächste mögliche Menge: 1.200.005 Packungen."),
    ],
)
async def test_minimum_and_interval_of_the_article_are_kept(
    desk, bolts, quantity: str, code: str, way_out: str
):
    problem = await refused(desk, desk.basket((desk.paper, "1"), (bolts, quantity)))
    assert (problem["code"], problem["field"]) == (code, "lines[1].quantity")
    assert problem["way_out"] == way_out


@pytest.mark.parametrize("quantity", ["10", "15", "100.000"])
async def test_what_fits_is_ordered(desk, bolts, quantity: str):
    assert (await desk.ordered((bolts, quantity)))["status"] == "placed"


async def test_a_price_list_without_them_restricts_nothing(desk):
    assert (await desk.ordered((desk.paper, "1")))["status"] == "placed"


@pytest.mark.parametrize("path", ["/orders", "/route-checks"])
async def test_half_a_piece(desk, path: str):
    problem = await refused(desk, desk.basket((desk.chair, "0.5")), path)
    assert (problem["code"], problem["field"]) == ("quantity_not_whole", "lines[0].quantity")
    assert problem["detail"] == "0,5 Packungen gibt es nicht."


async def test_half_a_kilogram_can_be_had(desk):
    shop = await desk.market.supplier()
    salt = await desk.market.article(shop, "1.00", order_unit="KGM", quantity_interval="0.25")
    assert (await desk.ordered((salt, "0.5")))["net_total"] == "0.50"
    problem = await refused(desk, desk.basket((salt, "0.3")))
    assert problem["way_out"] == "Die nächste mögliche Menge: 0,5 kg."


async def test_what_is_worth_nothing_although_priced(desk):
    shop = await desk.market.supplier()
    salt = await desk.market.article(shop, "1.00", order_unit="KGM")
    problem = await refused(desk, desk.basket((salt, "0.004")))
    assert (problem["code"], problem["field"]) == ("amount_zero", "lines[0].quantity")
    sample = await desk.market.article(shop, "0.00", order_unit="KGM")
    assert (await desk.ordered((sample, "0.004")))["net_total"] == "0.00"


async def test_a_minimum_that_came_while_an_order_waited_sends_it_back(desk):
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=5000))
    shop = await desk.market.supplier()
    article_id = await desk.market.article(shop)
    order = await desk.ordered((article_id, "20"))
    known = {"article_id": article_id, "version": 2, "minimum_quantity": "50"}
    await desk.market.article(shop, **known)
    token = await desk.doors.account(("approver", desk.member_id))
    headers = token | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    path = f"/orders/{order['order_id']}"
    seen = (await desk.get(path)).json()["content_sha256"]
    body = {"verdict": "approve", "content_sha256": seen}
    answer = await desk.doors.client.post(f"{path}/approval", json=body, headers=headers)
    assert answer.json()["status"] == "sent_back"
    assert [hindrance["code"] for hindrance in answer.json()["hindrances"]] == [
        "quantity_below_minimum"
    ]


async def test_an_award_may_settle_another_minimum_but_no_half_piece(desk, bolts):
    await desk.market.rules(desk.member_id, RouteLimit(route="direct", up_to_net=20))
    order = await desk.ordered((bolts, "100"), (desk.paper, "2"))
    assert order["status"] == "handed_over"
    token = await desk.doors.account(("award_office", desk.member_id))
    headers = token | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    line = {"article_id": str(bolts), "quantity": "7.5", "unit_price_net": "1.90"}
    body = {"procedure": "negotiated", "file_reference": "VS-1", "lines": [line]}
    path = f"/orders/{order['order_id']}/award"
    answer = await desk.doors.client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "quantity_not_whole")
    line["quantity"] = "7"
    answer = await desk.doors.client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["net_total"]) == (201, "13.30")


async def test_nothing_is_wanted_for_a_day_gone_by(desk):
    basket = desk.basket((desk.paper, "1"))
    basket["lines"][0]["requested_delivery_date"] = day(-1)
    problem = await refused(desk, basket)
    assert problem["code"] == "day_in_the_past"
    assert problem["field"] == "lines[0].requested_delivery_date"
    basket["lines"][0]["requested_delivery_date"] = day()
    assert (await desk.post("/orders", basket)).status_code == 201


async def test_a_draft_waits_too_long_for_its_day(desk):
    basket = desk.basket((desk.paper, "1"), draft=True)
    basket["lines"][0]["requested_delivery_date"] = day(-1)
    draft = (await desk.post("/orders", basket)).json()
    problem = await refused(desk, None, f"/orders/{draft['order_id']}/submission")
    assert problem["code"] == "day_in_the_past"


@pytest.mark.parametrize(
    ("quoted_on", "code"),
    [(day(1), "quote_in_the_future"), (day(-2 * 366), "quote_too_old")],
)
async def test_a_quote_is_of_the_last_two_years(desk, quoted_on: str, code: str):
    quote = {"supplier_name": "Händler am Ort", "net_total": "50.00", "quoted_on": quoted_on}
    problem = await refused(desk, desk.basket((desk.paper, "1"), quotes=[quote]))
    assert (problem["code"], problem["field"]) == (code, "quotes[0].quoted_on")
    quote["quoted_on"] = day(-365)
    assert (await desk.ordered((desk.paper, "1"), quotes=[quote]))["status"] == "placed"


async def test_offers_obtained_are_of_the_last_two_years(desk):
    asked = RouteLimit(route="request", up_to_net=5000, offers_asked=1, offers_received=1)
    await desk.market.rules(desk.member_id, asked)
    order = await desk.ordered((desk.paper, "20"))
    token = await desk.doors.account(("award_office", desk.member_id))
    headers = token | {"Member": str(desk.member_id), "Idempotency-Key": str(new_id())}
    offer = {"supplier_name": "Papier Süd", "net_total": "240.00", "quoted_on": day(1)}
    path = f"/orders/{order['order_id']}/offers"
    answer = await desk.doors.client.post(path, json={"offers": [offer]}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "quote_in_the_future")
    assert answer.json()["field"] == "offers[0].quoted_on"
    shown = (await desk.get(f"/orders/{order['order_id']}")).json()
    assert (shown["status"], shown["offers"]) == ("awaiting_offers", [])
