"""The forms of free text and of what is said beside the lines, read."""

from typing import Any

import pytest

from portal.domain.problems import Problem
from portal.pages.forms import details, free_text
from services.portal.tests.bodies import sent

SHA256 = "ab" * 32
SAID = {
    "supplier_id": "11111111-1111-7111-8111-111111111111",
    "description": "Umwälzpumpe",
    "article_number": "",
    "quantity": "2,5",
    "order_unit": "H87",
    "unit_price_net": "1.450,50",
    "vat_rate": "7",
    "cpv": "42122000-0",
    "quoted_on": "2026-03-01",
    "wanted_on": "2026-04-01",
    "reference": "Amt 52/3",
}
PLACE = {
    "place_name": "Bauhof",
    "place_street": "Am Bauhof 1",
    "place_postcode": "53879",
    "place_town": "Euskirchen",
}


def test_a_form_becomes_a_line_in_words():
    read = free_text.read(SAID, 1, SHA256)
    body = sent(read)
    (line,) = body["lines"]
    assert (line["quantity"], line["requested_delivery_date"]) == ("2.5", "2026-04-01")
    free = line["free_text"]
    assert (free["unit_price_net"], free["vat_rate"], free["cpv"]) == ("1450.50", "7", "42122000")
    assert (free["document_sha256"], body["reference"]) == (SHA256, "Amt 52/3")


@pytest.mark.parametrize(
    ("text", "price"),
    [("450", "450"), ("450.25", "450.25"), ("0", "0"), ("1.000.000,5", "1000000.5")],
)
def test_a_price_is_read_as_people_write_it(text: str, price: str):
    read = free_text.read(SAID | {"unit_price_net": text}, 1, SHA256)
    assert sent(read)["lines"][0]["free_text"]["unit_price_net"] == price


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"supplier_id": ""}, "supplier_id"),
        ({"description": ""}, "description"),
        ({"order_unit": ""}, "order_unit"),
        ({"quantity": "0"}, "quantity"),
        ({"unit_price_net": ""}, "unit_price_net"),
        ({"unit_price_net": "-1"}, "unit_price_net"),
        ({"unit_price_net": "1.450"}, "unit_price_net"),
        ({"unit_price_net": "NaN"}, "unit_price_net"),
        ({"cpv": "4212"}, "cpv"),
        ({"quoted_on": "gestern"}, "quoted_on"),
    ],
)
def test_what_cannot_be_read_is_named(change: dict[str, str], field: str):
    problems = free_text.read(SAID | change, 1, SHA256)
    assert isinstance(problems, list)
    assert [problem.field for problem in problems] == [field]


def test_without_anything_every_field_is_named_in_the_forms_order():
    problems = free_text.read({}, 1, "")
    assert isinstance(problems, list)
    assert [problem.field for problem in problems] == [
        "supplier_id",
        "document",
        "quoted_on",
        "description",
        "cpv",
        "quantity",
        "order_unit",
        "unit_price_net",
    ]


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ({}, {}),
        ({"place_country": "DE"}, {}),
        ({"cost_centre": "57310"}, {"account": {"cost_centre": "57310"}}),
        ({"purpose": "Freibad"}, {"purpose": "Freibad"}),
        (
            PLACE | {"receiving_hours": "7-15 Uhr", "place_country": "at"},
            {
                "delivery": {
                    "name": "Bauhof",
                    "street": "Am Bauhof 1",
                    "postcode": "53879",
                    "town": "Euskirchen",
                    "country": "AT",
                    "receiving_hours": "7-15 Uhr",
                }
            },
        ),
    ],
)
def test_what_is_empty_is_not_said(typed: dict[str, str], body: dict[str, Any]):
    assert sent(details.read(typed)) == body


@pytest.mark.parametrize("missing", PLACE)
def test_an_address_is_whole_or_not_there(missing: str):
    problems = details.read({field: text for field, text in PLACE.items() if field != missing})
    assert isinstance(problems, list)
    assert [problem.field for problem in problems] == [missing]


def test_hours_without_a_place_ask_for_one():
    problems = details.read({"receiving_hours": "7-15 Uhr"})
    assert isinstance(problems, list)
    assert [problem.field for problem in problems] == list(PLACE)


def test_a_country_is_two_letters():
    problems = details.read(PLACE | {"place_country": "D"})
    assert problems == [Problem("place_country", "Bitte zwei Buchstaben angeben, etwa DE.")]


def test_the_next_form_offers_all_but_the_reason():
    offered = details.to_offer(PLACE | {"purpose": "Freibad", "cost_centre": "", "key": "k"})
    assert offered == PLACE | {"last_purpose": "Freibad"}
