"""Pages of free-text orders and of what is said beside the lines, with the services in memory."""

import json
from typing import Any

import pytest

from services.portal.tests.facts import decision
from services.portal.tests.quoting import DOOR, KOELN, ORDER, PDF, SHA256, asked, enter, send


@pytest.fixture
async def requester(visitor) -> Any:
    return await enter(visitor)


async def test_the_form_offers_suppliers_that_may_sell(requester):
    page = await requester.browser.get("/freitext")
    assert page.status_code == 200
    assert "Pumpen Voss" in page.text
    assert "Gesperrt" not in page.text
    assert 'enctype="multipart/form-data"' in page.text


async def test_the_quote_goes_first_and_the_order_names_it(requester):
    answer = await send(requester)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/bestellungen/{ORDER}?neu=1")
    (upload,) = asked(requester, "/attachments")
    assert upload.content == PDF
    (order,) = asked(requester, "/orders")
    body = json.loads(order.content)
    assert body["lines"][0]["free_text"]["document_sha256"] == SHA256
    assert body["delivery"]["town"] == "Euskirchen"
    assert (body["account"], body["purpose"]) == ({"cost_centre": "57310"}, "Ersatz im Freibad")


SECOND = {
    "description-2": "Dichtung",
    "quantity-2": "4",
    "order_unit-2": "H87",
    "cpv-2": "44420000",
}


async def test_another_position_is_added_and_nothing_typed_is_lost(requester):
    page = await send(requester, mehr="1")
    assert page.status_code == 200
    assert 'name="positions" value="2"' in page.text
    assert 'id="description-2"' in page.text
    assert 'autofocus="autofocus"' in page.text
    assert "Umwälzpumpe &lt;b&gt;" in page.text
    assert f'name="document_sha256" value="{SHA256}"' in page.text
    assert "Bitte" not in page.text.partition("<form")[0]
    assert asked(requester, "/orders") == []


async def test_positions_that_say_something_become_lines_on_the_same_quote(requester):
    third = {"description-3": "", "vat_rate-3": "7"}
    fourth = {name.replace("-2", "-4"): text for name, text in SECOND.items()}
    prices = {"unit_price_net-2": "1,50", "unit_price_net-4": "2,50", "wanted_on-4": "2026-04-01"}
    answer = await send(requester, positions="4", **SECOND, **third, **fourth, **prices)
    assert answer.status_code == 303
    (order,) = asked(requester, "/orders")
    lines = json.loads(order.content)["lines"]
    assert [line["free_text"]["unit_price_net"] for line in lines] == ["450.00", "1.50", "2.50"]
    assert {line["free_text"]["document_sha256"] for line in lines} == {SHA256}
    assert [line.get("requested_delivery_date") for line in lines] == [None, None, "2026-04-01"]


async def test_what_is_wrong_with_a_position_is_said_at_its_field(requester):
    page = await send(requester, positions="2", **SECOND, **{"unit_price_net-2": "teuer"})
    assert page.status_code == 422
    assert 'href="#unit_price_net-2"' in page.text
    assert 'id="unit_price_net-2-fehler"' in page.text
    problem = {"field": "lines[1].quantity", "title": "Falsch"}
    requester.shelf.answers["POST", f"{DOOR}/orders"] = (422, problem)
    third = {name.replace("-2", "-3"): text for name, text in SECOND.items()}
    page = await send(requester, positions="3", **third, **{"unit_price_net-3": "1,50"})
    assert 'href="#quantity-3">Falsch' in page.text


@pytest.mark.parametrize("count", ["", "0", "-1", "viele", "999"])
async def test_a_form_has_between_one_and_twenty_positions(requester, count: str):
    page = await send(requester, positions=count, quantity="viele")
    assert 1 <= page.text.count(">Position ") <= 20


async def test_the_next_form_offers_what_was_said_last(requester):
    await send(requester)
    page = await requester.browser.get("/freitext")
    assert 'value="Am Bauhof 1"' in page.text
    assert '<option value="Ersatz im Freibad">' in page.text
    assert 'name="purpose" type="text" value=""' in page.text


async def test_nothing_typed_is_lost_and_a_document_is_sent_once(requester):
    page = await send(requester, quantity="viele")
    assert page.status_code == 422
    assert "Bitte geben Sie eine Menge größer als 0 an." in page.text
    assert "Umwälzpumpe &lt;b&gt;" in page.text
    assert f'name="document_sha256" value="{SHA256}"' in page.text
    assert asked(requester, "/orders") == []
    again = await send(requester, file=None, document_sha256=SHA256)
    assert again.status_code == 303
    assert len(asked(requester, "/attachments")) == 1


async def test_checking_orders_nothing(requester):
    last = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"
    bought = f"Für 400,00 EUR beauftragt, zuletzt Bestellung {last}; mit dieser 900,00 EUR."
    handed_over = "Über 500,00 EUR: Abgabe an die Vergabestelle."
    last_of = {"classes": [decision()["inputs"]["classes"][0] | {"last_order_id": last}]}
    checked = decision(outcome="hand_over", reasons=[bought, handed_over], inputs=last_of)
    requester.shelf.answers["POST", f"{DOOR}/route-checks"] = (200, checked)
    page = await send(requester, pruefen="1")
    assert page.status_code == 200
    assert handed_over in page.text
    link = f'<a class="kern-link" href="/bestellungen/{last}">letzte Bestellung dazu</a>'
    assert f"beauftragt ({link}); mit dieser 900,00 EUR." in page.text
    assert asked(requester, "/orders") == []
    assert 'value="Am Bauhof 1"' in page.text


@pytest.mark.parametrize(
    ("path", "problem", "anchor"),
    [
        ("/attachments", {"code": "document_kind_refused", "title": "Falsch"}, "document"),
        ("/orders", {"field": "lines[0].free_text.supplier_id", "title": "Falsch"}, "supplier_id"),
        ("/orders", {"field": "delivery.postcode", "title": "Falsch"}, "place_postcode"),
        ("/orders", {"field": "lines[0].quantity", "title": "Falsch"}, "quantity"),
        ("/orders", {"code": "use_agreement", "title": "Falsch"}, "description"),
    ],
)
async def test_what_orders_refuses_is_said_at_its_field(requester, path, problem, anchor: str):
    requester.shelf.answers["POST", f"{DOOR}{path}"] = (422, problem)
    page = await send(requester)
    assert page.status_code == 422
    assert f'<a class="kern-link" href="#{anchor}">Falsch.' in page.text
    assert f'id="{anchor}"' in page.text
    assert 'value="Am Bauhof 1"' in page.text


async def test_a_document_is_fetched_in_the_persons_name_and_never_shown_inside(requester):
    requester.shelf.answers["GET", f"{DOOR}/attachments/{SHA256}"] = (200, {"a": "document"})
    answer = await requester.browser.get(f"/anlagen/{SHA256}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    unknown = await requester.browser.get(f"/anlagen/{'0' * 64}")
    assert unknown.status_code == 404


async def test_an_approver_orders_nothing_in_words(visitor):
    await visitor.person("approver-1", ("approver", KOELN))
    await visitor.sign_in("approver-1")
    assert (await visitor.browser.get("/freitext")).status_code == 403
    assert (await send(visitor)).status_code == 403
    assert visitor.shelf.asked == []
