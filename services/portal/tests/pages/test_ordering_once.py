"""A cart becomes one order: through slow answers, repeated clicks and carts that change."""

from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from services.portal.tests import facts
from services.portal.tests.carting import (
    ORDERED,
    cart_form,
    fill,
    form_of,
    in_cart,
    order,
    sent_orders,
)
from services.portal.tests.facts import API, enter

PLACED = f"/bestellungen/{ORDERED}?neu=1"
BEFORE = f"/bestellungen/{ORDERED}?neu=2"
SLOW = httpx.ReadTimeout("slow")


@pytest.fixture
async def requester(visitor):
    await enter(visitor, "requester")
    await fill(visitor)
    return visitor


def settles(visitor, key: str, outcome: dict[str, object], status: int = 200) -> None:
    visitor.shelf.answers["POST", f"{API}/keys/{key}/settlement"] = (status, outcome)


ARRIVED = {"carried_out": True, "answer": facts.receipt(order_id=ORDERED)}
NEVER = {"carried_out": False, "answer": None}


async def test_the_key_is_the_carts_and_not_the_drawn_pages(requester):
    first = await cart_form(requester)
    assert (await cart_form(requester))["key"] == first["key"]
    await fill(requester, "1", number=8)
    assert (await cart_form(requester))["key"] != first["key"]


async def test_a_slow_answer_leaves_the_cart_and_says_that_it_is_not_known(requester):
    form = await cart_form(requester)
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    answer = await order(requester, form, reference="Amt 40")
    assert answer.status_code == 503
    assert "Noch nicht bekannt, ob das angekommen ist" in answer.text
    assert "nichts geändert" not in answer.text
    again = form_of(answer.text, "/bestellungen")
    assert again == form | {"reference": "Amt 40"}
    assert len(await in_cart(requester)) == 1
    cart = (await requester.browser.get("/warenkorb")).text
    assert "Noch nicht bekannt, ob Ihre Bestellung angekommen ist" in cart
    assert form_of(cart, "/bestellungen")["key"] == form["key"]


async def test_sent_again_after_a_slow_answer_it_is_the_same_request(requester):
    form = await cart_form(requester)
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    slow = await order(requester, form)
    requester.shelf.failing.clear()
    answer = await order(requester, form_of(slow.text, "/bestellungen"))
    assert answer.headers["location"] == PLACED
    first, second = sent_orders(requester)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == form["key"]
    assert first.content == second.content
    assert await in_cart(requester) == {}


async def test_a_redrawn_and_changed_form_cannot_order_beside_the_slow_one(requester):
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    form = await cart_form(requester)
    await order(requester, form)
    requester.shelf.failing.clear()
    settles(requester, form["key"], ARRIVED)
    answer = await order(requester, await cart_form(requester), reference="anders")
    assert answer.headers["location"] == BEFORE
    assert len(sent_orders(requester)) == 1
    assert await in_cart(requester) == {}


async def test_what_never_arrived_is_settled_before_the_cart_goes_out_anew(requester):
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    form = await cart_form(requester)
    await order(requester, form)
    requester.shelf.failing.clear()
    settles(requester, form["key"], NEVER)
    await fill(requester, "1", number=8)
    answer = await order(requester)
    assert answer.status_code == 422
    assert "Der Warenkorb ist inzwischen ein anderer" in answer.text
    assert (await order(requester)).headers["location"] == PLACED
    first, second = sent_orders(requester)
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


async def test_an_earlier_order_that_arrived_stops_the_next_and_what_was_added_stays(requester):
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    form = await cart_form(requester)
    await order(requester, form)
    requester.shelf.failing.clear()
    await fill(requester, "3", number=8)
    settles(requester, form["key"], ARRIVED)
    answer = await order(requester, reference="zweite")
    assert answer.status_code == 200
    assert "Ihre frühere Bestellung war angekommen" in answer.text
    assert 'value="zweite"' in answer.text
    assert len(sent_orders(requester)) == 1
    assert await in_cart(requester) == {str(UUID(int=8)): Decimal(3)}


async def test_while_the_outcome_is_not_known_nothing_else_is_ordered(requester):
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    form = await cart_form(requester)
    await order(requester, form)
    requester.shelf.failing.clear()
    settles(requester, form["key"], {"code": "request_in_flight"}, 409)
    answer = await order(requester, reference="anders")
    assert answer.status_code == 503
    assert "Noch nicht bekannt" in answer.text
    assert len(sent_orders(requester)) == 1


@pytest.mark.parametrize(
    ("outcome", "location"), [(ARRIVED, BEFORE), (NEVER, "/warenkorb?geklaert=1")]
)
async def test_the_outcome_can_be_looked_up_without_ordering(requester, outcome, location: str):
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    form = await cart_form(requester)
    await order(requester, form)
    settles(requester, form["key"], outcome)
    proof = {"csrf": form["csrf"]}
    answer = await requester.browser.post("/warenkorb/klaerung", data=proof)
    assert answer.headers["location"] == location
    cart = await requester.browser.get("/warenkorb?geklaert=1")
    assert "Ergebnis nachsehen" not in cart.text
    assert len(sent_orders(requester)) == 1


async def test_the_same_form_twice_shows_the_order(requester):
    form = await cart_form(requester)
    for _ in range(2):
        assert (await order(requester, form)).headers["location"] == PLACED
    assert len(sent_orders(requester)) == 1


async def test_what_never_left_the_house_is_not_called_unknown(requester):
    requester.shelf.failing["POST", f"{API}/orders"] = httpx.ConnectError("refused")
    answer = await order(requester)
    assert "Gerade nicht möglich" in answer.text
    cart = (await requester.browser.get("/warenkorb")).text
    assert "Noch nicht bekannt" not in cart


async def test_only_what_was_ordered_leaves_the_cart(requester):
    form = await cart_form(requester)
    await fill(requester, "5")
    await fill(requester, "3", number=8)
    requester.shelf.failing["POST", f"{API}/orders"] = SLOW
    whole = await cart_form(requester)
    await order(requester, whole)
    requester.shelf.failing.clear()
    await fill(requester, "2", number=9)
    await fill(requester, "1")
    settles(requester, whole["key"], ARRIVED)
    await requester.browser.post("/warenkorb/klaerung", data={"csrf": form["csrf"]})
    left = {str(UUID(int=7)): Decimal(1), str(UUID(int=9)): Decimal(2)}
    assert await in_cart(requester) == left


async def test_a_form_of_an_older_cart_orders_nothing(requester):
    form = await cart_form(requester)
    await fill(requester, "1", number=8)
    answer = await order(requester, form, reference="Amt 40")
    assert answer.status_code == 422
    assert "Der Warenkorb ist inzwischen ein anderer" in answer.text
    assert 'value="Amt 40"' in answer.text
    assert sent_orders(requester) == []


async def test_an_empty_cart_says_where_its_order_is(requester):
    form = await cart_form(requester)
    await order(requester, form)
    answer = await order(requester, form | {"key": "k" * 36})
    assert answer.status_code == 422
    assert "Was Sie bestellt haben, steht unter „Bestellungen“." in answer.text
