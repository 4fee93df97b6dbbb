"""The cart: quantities refused at their field, sums with VAT per rate, the sum that was seen."""

import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund import clock
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork
from portal.domain.sums import sums_of
from portal.store import carts
from portal.store.carts import CartLine, Owner
from services.portal.tests.carting import (
    cart_form,
    fill,
    form_of,
    in_cart,
    order,
    sells,
    sent_orders,
)
from services.portal.tests.facts import API, enter, post

BY_FIVE = {"minimum_quantity": "5", "quantity_interval": "5"}
BY_QUARTER = {"order_unit": "KGM", "minimum_quantity": "0.25", "quantity_interval": "0.25"}


@pytest.fixture
async def requester(visitor):
    await enter(visitor, "requester")
    return visitor


@pytest.mark.parametrize(
    ("typed", "sentence", "bounds"),
    [
        ("1,0005", "höchstens drei Stellen nach dem Komma", {}),
        ("1.000", "kann zweierlei heißen", {}),
        ("1,5", "Packung gibt es nur ganz", {}),
        ("abc", "eine Menge größer als 0", {}),
        ("9", "mindestens 10", {"minimum_quantity": "10"}),
        (
            "12",
            "in Schritten von 5, also etwa 10 oder 15",
            BY_FIVE,
        ),
        (
            "0,3",
            "in Schritten von 0,25, also etwa 0,25 oder 0,5",
            BY_QUARTER,
        ),
    ],
)
async def test_a_quantity_nobody_sells_is_refused_at_the_article(
    requester, typed, sentence, bounds
):
    offered = sells(requester, **bounds)
    answer = await post(requester, "/warenkorb", article_id=offered["article_id"], quantity=typed)
    assert answer.status_code == 422
    assert sentence in answer.text.split('id="quantity-fehler"')[1]
    assert form_of(answer.text, "/warenkorb")["quantity"] == typed
    assert 'aria-label="Hauptmenü"' in answer.text
    assert await in_cart(requester) == {}


async def test_an_article_says_before_what_can_be_ordered(requester):
    offered = sells(requester, minimum_quantity="10", quantity_interval="5")
    page = (await requester.browser.get(f"/artikel/{offered['article_id']}")).text
    assert page.count("Mindestens 10, in Schritten von 5") == 2


async def test_a_quantity_nobody_sells_is_refused_at_its_line_of_the_cart(requester):
    await fill(requester, minimum_quantity="10")
    line = {"article_id": str(UUID(int=7)), "quantity": "3"}
    answer = await post(requester, "/warenkorb/aenderung", **line)
    assert answer.status_code == 422
    assert 'href="#menge-1"' in answer.text
    assert "mindestens 10" in answer.text.split('id="menge-1-stelle"')[1].split("</div>")[0]
    assert form_of(answer.text, "/warenkorb/aenderung")["quantity"] == "3"
    assert await in_cart(requester) == {str(UUID(int=7)): Decimal(20)}


async def test_a_cart_whose_article_changed_its_bounds_is_not_sent(requester):
    await fill(requester)
    sells(requester, minimum_quantity="50")
    answer = await order(requester)
    assert answer.status_code == 422
    assert "mindestens 50" in answer.text
    assert sent_orders(requester) == []


async def test_adding_counts_what_is_there(requester):
    await fill(requester, "9999990")
    line = {"article_id": str(UUID(int=7)), "quantity": "20"}
    answer = await post(requester, "/warenkorb", **line)
    assert answer.status_code == 422
    assert "höchstens 9.999.999" in answer.text


async def test_a_click_that_comes_twice_adds_once_and_says_so(requester):
    path = f"/artikel/{sells(requester)['article_id']}"
    form = form_of((await requester.browser.get(path)).text, "/warenkorb") | {"quantity": "20"}
    first = await requester.browser.post("/warenkorb", data=form)
    second = await requester.browser.post("/warenkorb", data=form)
    assert (first.headers["location"], second.status_code) == ("/warenkorb", 303)
    assert await in_cart(requester) == {str(UUID(int=7)): Decimal(20)}
    page = await requester.browser.get(second.headers["location"])
    assert "Derselbe Klick ist zweimal angekommen und zählt einmal." in page.text


async def test_the_page_drawn_anew_adds_again_and_an_old_one_adds_other_things(requester):
    other = sells(requester, number=8)
    path = f"/artikel/{sells(requester)['article_id']}"
    old = form_of((await requester.browser.get(path)).text, "/warenkorb") | {"quantity": "20"}
    await requester.browser.post("/warenkorb", data=old)
    new = form_of((await requester.browser.get(path)).text, "/warenkorb") | {"quantity": "20"}
    await requester.browser.post("/warenkorb", data=new)
    await requester.browser.post("/warenkorb", data=old | {"article_id": other["article_id"]})
    await requester.browser.post("/warenkorb", data=old | {"quantity": "3"})
    assert await in_cart(requester) == {
        str(UUID(int=7)): Decimal(43),
        str(UUID(int=8)): Decimal(20),
    }


async def test_a_form_without_its_key_puts_nothing_in(requester):
    form = {"csrf": await requester.csrf(), "article_id": sells(requester)["article_id"]}
    answer = await requester.browser.post("/warenkorb", data=form | {"quantity": "20"})
    assert answer.status_code == 422
    assert await in_cart(requester) == {}


async def test_keys_of_clicks_go_once_no_form_brings_them_back(requester):
    owner, later = Owner("person-1", UUID(int=5)), timedelta(hours=21)
    line = CartLine(UUID(int=7), Decimal(20))
    uow = UnitOfWork(requester.connection, Origin("test"), clock.now())
    assert await carts.add(uow, owner, line, "k" * 40)
    assert not await carts.add(uow, owner, line, "k" * 40)
    await carts.remove_old_additions(uow, clock.now() + later)
    assert not await carts.was_added(requester.connection, owner, "k" * 40)


def test_vat_is_worked_out_per_rate_on_its_sum():
    # EN 16931 BR-CO-17: 3 x 1,29 at 19 %.
    sums = sums_of([(Decimal("1.29"), Decimal(19))] * 3)
    assert (sums.net, sums.rates[0].vat, sums.gross) == (
        Decimal("3.87"),
        Decimal("0.74"),
        Decimal("4.61"),
    )


async def test_the_cart_shows_vat_for_each_rate(requester):
    await fill(requester, "1", number=7, unit_price_net="1.29")
    await fill(requester, "1", number=8, unit_price_net="1.29")
    await fill(requester, "1", number=9, unit_price_net="1.29")
    page = (await requester.browser.get("/warenkorb")).text
    assert ("Umsatzsteuer 19 %" in page, "0,74 €" in page, "4,61 €" in page) == (True,) * 3
    await fill(requester, "1", number=10, unit_price_net="10", vat_rate="7")
    page = (await requester.browser.get("/warenkorb")).text
    assert "Umsatzsteuer 7 % auf 10,00 €" in page
    assert "15,31 €" in page


async def test_a_price_that_changed_stops_the_click_and_shows_the_new_sum(requester):
    await fill(requester, "1", unit_price_net="42.50")
    form = await cart_form(requester)
    assert form["seen_net_total"] == "42.50"
    sells(requester, unit_price_net="4250.00")
    answer = await order(requester, form, reference="Amt 40")
    assert answer.status_code == 422
    assert "Papier 7: 42,50 € → 4.250,00 €" in answer.text
    assert 'href="#summe"' in answer.text
    assert 'value="Amt 40"' in answer.text
    assert sent_orders(requester) == []
    assert (await order(requester, form_of(answer.text, "/bestellungen"))).status_code == 303
    (sent,) = sent_orders(requester)
    assert json.loads(sent.content)["seen_net_total"] == "4250.00"


@pytest.mark.parametrize("seen", ["", "viel", "42.5.0", "٤٢"])
async def test_a_click_that_saw_no_sum_orders_nothing(requester, seen: str):
    await fill(requester)
    answer = await order(requester, seen_net_total=seen)
    assert answer.status_code == 422
    assert sent_orders(requester) == []


async def test_orders_has_the_last_word_on_the_sum(requester):
    await fill(requester)
    refusal = {
        "code": "price_changed",
        "title": "Die Preise haben sich geändert",
        "detail": "Jetzt 260,00 EUR statt 250,00 EUR.",
        "field": "seen_net_total",
    }
    requester.shelf.answers["POST", f"{API}/orders"] = (409, refusal)
    answer = await order(requester, reference="Amt 40")
    assert answer.status_code == 422
    assert '<a class="kern-link" href="#summe">Die Preise haben sich geändert. Jetzt 260,00' in (
        answer.text
    )
    assert 'value="Amt 40"' in answer.text


async def test_what_orders_refuses_about_a_line_stands_at_that_line(requester):
    await fill(requester, "1", number=7)
    await fill(requester, "1", number=8)
    refusal = {"code": "quantity_below_minimum", "title": "Zu wenig", "field": "lines[1].quantity"}
    requester.shelf.answers["POST", f"{API}/orders"] = (422, refusal)
    answer = await order(requester)
    assert "Zu wenig." in answer.text.split('id="menge-2-stelle"')[1].split("</div>")[0]
