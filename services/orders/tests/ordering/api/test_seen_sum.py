"""The sum that was shown travels with the click: at another one nothing is ordered."""

from typing import Any

import pytest

from marktbund.ids import new_id

SHOWN = "37.50"


async def dearer(desk) -> None:
    """The price list changed: paper at 125.00 instead of 12.50."""
    query = "SELECT supplier_id FROM article WHERE name = 'Papier'"
    shop = (await desk.uow.connection.exec_driver_sql(query)).scalar_one()
    await desk.market.article(shop, "125.00", article_id=desk.paper, version=2)


async def stopped(desk, path: str, body: Any) -> dict[str, Any]:
    before = await desk.standing()
    answer = await desk.post(path, body)
    assert await desk.standing() == before
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "price_changed")
    assert problem["field"] == "seen_net_total"
    return problem


async def test_a_cart_whose_price_changed_stops_and_says_the_new_sum(desk):
    cart = desk.basket((desk.paper, "3"), seen_net_total=SHOWN)
    await dearer(desk)
    problem = await stopped(desk, "/orders", cart)
    assert problem["net_total"] == "375.00"
    [line] = problem["lines"]
    assert (line["article_id"], line["unit_price_net"]) == (str(desk.paper), "125.0000")
    assert line["net_amount"] == "375.00"
    assert problem["detail"] == "Angezeigt waren 37,50 EUR netto, jetzt sind es 375,00 EUR."
    assert problem["way_out"]
    order = await desk.post("/orders", cart | {"seen_net_total": "375.00"})
    assert (order.status_code, order.json()["net_total"]) == (201, "375.00")


@pytest.mark.parametrize("seen", [{"seen_net_total": "37.5"}, {}])
async def test_at_the_sum_that_was_shown_it_is_ordered(desk, seen: dict[str, str]):
    assert (await desk.ordered((desk.paper, "3"), **seen))["net_total"] == "37.50"


async def test_a_draft_as_it_is_stops_too(desk):
    draft = await desk.ordered((desk.paper, "3"), reference="Amt 40", draft=True)
    path = f"/orders/{draft['order_id']}/submission"
    await dearer(desk)
    await stopped(desk, path, {"seen_net_total": SHOWN})
    await stopped(desk, path, desk.basket((desk.paper, "3"), seen_net_total=SHOWN))
    sent = await desk.post(path, {"seen_net_total": "375.00"})
    assert (sent.status_code, sent.json()["net_total"]) == (201, "375.00")
    assert sent.json()["reference"] == "Amt 40"


async def test_a_draft_keeps_its_lines_where_only_something_else_is_named(desk):
    draft = await desk.ordered((desk.paper, "3"), draft=True)
    path = f"/orders/{draft['order_id']}/submission"
    sent = await desk.post(path, {"reference": "Amt 41"})
    assert (sent.status_code, sent.json()["net_total"]) == (201, "37.50")
    assert sent.json()["reference"] == "Amt 41"


async def test_the_same_form_again_shows_the_order_although_the_price_changed_since(desk):
    headers = {"Idempotency_Key": str(new_id())}
    cart = desk.basket((desk.paper, "3"), seen_net_total=SHOWN)
    first = await desk.post("/orders", cart, **headers)
    await dearer(desk)
    again = await desk.post("/orders", cart, **headers)
    assert (again.status_code, again.json()) == (201, first.json())
    count = "SELECT count(*) FROM spot_order"
    assert (await desk.uow.connection.exec_driver_sql(count)).scalar_one() == 1


@pytest.mark.parametrize("written", ["1.0005", "1,0005", "1_000", "1e3"])
async def test_a_quantity_is_never_rounded_or_guessed(desk, written: str):
    before = await desk.standing()
    answer = await desk.post("/orders", desk.basket((desk.paper, written)))
    assert (answer.status_code, answer.json()["field"]) == (422, "lines[0].quantity")
    assert await desk.standing() == before
