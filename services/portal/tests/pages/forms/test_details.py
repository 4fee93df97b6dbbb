"""What stands beside an order's lines: where it is booked, where it goes, what for."""

import pytest

from portal.pages.forms import details
from portal.pages.forms.details import FIELDS, NOTHING
from services.portal.tests.bodies import sent

PLACE = {
    "place_name": "Bauhof",
    "place_street": "Am Bauhof 1",
    "place_postcode": "53879",
    "place_town": "Euskirchen",
}
ACCOUNT = {"cost_centre": "57310", "internal_order": "I-9", "budget_line": "522100"}


def test_what_is_empty_is_not_said():
    assert sent(details.read({})) == {}
    assert sent(details.read(dict.fromkeys(FIELDS, ""))) == {}


def test_all_that_was_typed_is_said_in_the_services_names():
    typed = PLACE | ACCOUNT | {"buyer_reference": "05-57310-42", "purpose": "Freibad"}
    typed |= {"place_note": "Tor 2", "receiving_hours": "Mo-Do 7-15 Uhr", "place_country": "at"}
    assert sent(details.read(typed)) == {
        "account": ACCOUNT,
        "delivery": {
            "name": "Bauhof",
            "street": "Am Bauhof 1",
            "postcode": "53879",
            "town": "Euskirchen",
            "country": "AT",
            "note": "Tor 2",
            "receiving_hours": "Mo-Do 7-15 Uhr",
        },
        "buyer_reference": "05-57310-42",
        "purpose": "Freibad",
    }


@pytest.mark.parametrize("missing", PLACE)
def test_an_address_that_was_begun_is_ended(missing: str):
    read = details.read({field: text for field, text in PLACE.items() if field != missing})
    assert isinstance(read, list)
    assert [problem.field for problem in read] == [missing]


@pytest.mark.parametrize("begins", ["place_note", "receiving_hours", "place_town"])
def test_any_part_of_an_address_begins_it(begins: str):
    read = details.read({begins: "Tor 2"})
    assert isinstance(read, list)
    assert [problem.field for problem in read] == [field for field in PLACE if field != begins]


def test_a_country_alone_is_no_address():
    assert sent(details.read({"place_country": "DE"})) == {}


@pytest.mark.parametrize("country", ["D", "DEU", "D3", "ÄÖ", "..", "дe"])
def test_a_country_is_two_letters(country: str):
    read = details.read(PLACE | {"place_country": country})
    assert isinstance(read, list)
    assert [(problem.field, problem.text) for problem in read] == [
        ("place_country", "Bitte zwei Buchstaben angeben, etwa DE.")
    ]


def test_part_of_an_account_is_an_account():
    assert sent(details.read({"budget_line": "522100"})) == {"account": {"budget_line": "522100"}}


def test_the_next_order_is_offered_the_last_ones_details_and_its_purpose_only_suggested():
    typed = PLACE | ACCOUNT | {"purpose": "Freibad", "buyer_reference": "", "csrf": "x"}
    assert details.to_offer(typed) == PLACE | ACCOUNT | {"last_purpose": "Freibad"}


def test_a_draft_is_told_what_is_gone():
    assert sent(NOTHING) == {
        "account": None,
        "delivery": None,
        "buyer_reference": "",
        "purpose": "",
    }
