"""A draft in words is changed in the form it came from, and sent off as the same order."""

import json
import re
from typing import Any

import pytest

from services.portal.tests import facts
from services.portal.tests.quoting import DOOR, ORDER, SHA256, SHOP, asked, enter, send


@pytest.fixture
async def requester(visitor) -> Any:
    return await enter(visitor)


def quoted(**different: Any) -> dict[str, Any]:
    """A line of a draft, as orders tells it."""
    free = facts.quoted(supplier_id=str(SHOP), **different)
    day = {"requested_delivery_date": "2026-04-01"}
    return facts.wanted(name="Umwälzpumpe", quantity="2.500", free_text=free, **day)


def drafted(visitor, *wanted: dict[str, Any]) -> None:
    """Orders holds a draft of these lines."""
    delivery = {
        "name": "Bauhof",
        "street": "Am Bauhof 1",
        "postcode": "53879",
        "town": "Euskirchen",
    }
    booked = {"account": {"cost_centre": "57310"}, "delivery": delivery, "purpose": "Freibad"}
    order = facts.order(order_id=str(ORDER), reference="Amt 52/1", status="draft", lines=[])
    facts.holds(visitor, order | booked, facts.beside(wanted=list(wanted)))


async def test_a_draft_in_words_goes_on_from_its_form(requester):
    drafted(requester, quoted(), quoted(description="Dichtung", unit_price_net="0.125"))
    csrf = {"csrf": await requester.csrf()}
    taken = await requester.browser.post(f"/bestellungen/{ORDER}/uebernahme", data=csrf)
    assert taken.headers["location"] == f"/freitext?entwurf={ORDER}"
    page = (await requester.browser.get(taken.headers["location"])).text
    for name, value in {
        "description-2": "Dichtung",
        "quantity": "2,5",
        "unit_price_net": "1.450,00",
        "unit_price_net-2": "0,125",
        "wanted_on": "2026-04-01",
        "document_sha256": SHA256,
        "draft_id": str(ORDER),
        "place_street": "Am Bauhof 1",
        "cost_centre": "57310",
        "reference": "Amt 52/1",
    }.items():
        assert re.search(f'name="{name}"[^>]* value="{re.escape(value)}"', page), name
    assert '<option value="7" selected>' in page


async def test_a_changed_draft_is_sent_off_as_the_same_order(requester):
    door = f"/orders/{ORDER}/submission"
    requester.shelf.answers["POST", DOOR + door] = (201, facts.receipt(order_id=str(ORDER)))
    answer = await send(requester, draft_id=str(ORDER), cost_centre="", quantity="1")
    assert answer.status_code == 303
    assert asked(requester, "/orders") == []
    (sent,) = asked(requester, door)
    body = json.loads(sent.content)
    assert body["lines"][0]["quantity"] == "1"
    assert (body["account"], body["purpose"]) == (None, "Ersatz im Freibad")


@pytest.mark.parametrize(
    "wanted",
    [
        (quoted(), quoted(document_sha256="cd" * 32)),
        (quoted(), quoted(quoted_on="2026-03-02")),
        (quoted(), quoted() | {"free_text": None}),
        (quoted(),) * 21,
        (),
    ],
    ids=["two quotes", "two days", "a catalogue too", "too many", "gone"],
)
async def test_a_draft_the_form_has_no_place_for_is_not_opened(requester, wanted):
    drafted(requester, *wanted)
    assert (await requester.browser.get(f"/freitext?entwurf={ORDER}")).status_code == 409
