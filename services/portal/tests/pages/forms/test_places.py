"""A service's field as people find it in the form they filled in."""

import pytest

from portal.clients.bodies import DespatchBody, ResponseBody
from portal.pages.forms import answers, offers
from portal.pages.forms.colleagues import AT_MEMBER, FOUR_EYES, read, ticked
from portal.pages.forms.places import in_row
from services.portal.tests.bodies import sent

NAMES = {"quantity": "menge", "unit_price_net": "preis"}


@pytest.mark.parametrize(
    ("field", "shown_at"),
    [
        ("lines[0].quantity", "menge-7"),
        ("lines[1].unit_price_net", "preis-9"),
        ("body.lines[1].quantity", "menge-9"),
        ("lines[1].free_text.unit_price_net", "preis-9"),
        ("lines[1]", "menge-9"),
        ("lines[1].something", "menge-9"),
        ("lines[2].quantity", "form"),
        ("lines[-1].quantity", "form"),
        ("lines[99999].quantity", "form"),
        ("lines", "form"),
        ("reference", "form"),
        ("", "form"),
    ],
)
def test_a_row_of_the_service_is_the_row_of_the_form(field: str, shown_at: str):
    assert in_row(field, [7, 9], NAMES, "form") == shown_at


# -- a supplier's answer and despatch -------------------------------------------------------------


ANSWER = ResponseBody.model_validate(
    {"lines": [{"line_no": 2, "decision": "changed"}, {"line_no": 5, "decision": "accepted"}]}
)
DESPATCH = DespatchBody.model_validate(
    {"despatched_on": "2026-12-01", "lines": [{"line_no": 4, "quantity": "2"}]}
)


@pytest.mark.parametrize(
    ("field", "shown_at"),
    [
        ("lines[0].quantity", "quantity-2"),
        ("lines[1].promised_date", "date-5"),
        ("lines[1].unit_price_net", "price-5"),
        ("lines[2].quantity", "lines"),
        ("lines", "lines"),
    ],
)
def test_a_refused_answer_is_shown_at_the_line_it_is_about(field: str, shown_at: str):
    assert answers.place_of_answer(field, ANSWER) == shown_at


@pytest.mark.parametrize(
    ("field", "shown_at"),
    [
        ("despatched_on", "despatched_on"),
        ("lines[0].quantity", "sent-4"),
        ("lines[1].quantity", "despatch"),
        ("supplier_order_id", "despatch"),
    ],
)
def test_a_refused_despatch_is_shown_at_the_line_or_its_day(field: str, shown_at: str):
    assert answers.place_of_despatch(field, DESPATCH) == shown_at


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"sent-1": "2"}, ["despatched_on"]),
        ({"despatched_on": "01.12.2026", "sent-1": "2"}, ["despatched_on"]),
        ({"despatched_on": "2026-12-01"}, ["despatch"]),
        ({"despatched_on": "2026-12-01", "sent-1": "viele"}, ["sent-1"]),
        ({"despatched_on": "2026-02-30", "sent-1": "-1"}, ["despatched_on", "sent-1"]),
    ],
)
def test_a_despatch_that_cannot_be_read_names_its_fields(typed: dict[str, str], fields: list[str]):
    wrong = answers.read_despatch(typed)
    assert isinstance(wrong, list)
    assert [problem.field for problem in wrong] == fields


# -- offers of an award office --------------------------------------------------------------------


def test_offers_are_asked_or_received_and_empty_rows_left_out():
    typed = {
        "offer-name-1": "Bürowelt",
        "offer-net-1": "1.250,00",
        "offer-on-1": "2026-11-30",
        "offer-name-4": "Papier Süd",
    }
    assert sent(offers.read_offers(typed)) == {
        "offers": [
            {"supplier_name": "Bürowelt", "net_total": "1250.00", "quoted_on": "2026-11-30"},
            {"supplier_name": "Papier Süd"},
        ]
    }


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, ["offer-name-1"]),
        ({"offer-net-2": "5"}, ["offer-name-2"]),
        ({"offer-name-2": "X", "offer-net-2": "fünf"}, ["offer-net-2"]),
        ({"offer-name-2": "X", "offer-on-2": "gestern"}, ["offer-on-2"]),
        ({"offer-on-3": "x", "offer-net-5": "0"}, ["offer-name-3", "offer-on-3"]),
    ],
)
def test_an_offer_that_cannot_be_read_names_its_row(typed: dict[str, str], fields: list[str]):
    wrong = offers.read_offers(typed)
    assert isinstance(wrong, list)
    assert [problem.field for problem in wrong][: len(fields)] == fields


def test_a_refused_offer_is_found_in_its_row_though_rows_between_were_empty():
    typed = {"offer-name-2": "A", "offer-name-5": "B"}
    assert offers.place_of_offer("offers[1].net_total", typed) == "offer-net-5"
    assert offers.place_of_offer("offers[0]", typed) == "offer-name-2"
    assert offers.place_of_offer("offers[2].net_total", typed) == "offer-name-1"


# -- somebody new at a member ---------------------------------------------------------------------


def test_a_colleague_has_an_address_and_roles_in_the_order_they_are_offered():
    typed = {"email": "a.b@stadt.example", "role-auditor": "1", "role-requester": "1"}
    assert sent(read(typed)) == {
        "email": "a.b@stadt.example",
        "roles": ["requester", "auditor"],
    }


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, ["email", "roles"]),
        ({"email": "a@b.example"}, ["roles"]),
        ({"role-approver": "1"}, ["email"]),
        ({"email": "a@b.example", "role-operator": "1", "role-office": "1"}, ["roles"]),
        ({"email": "a@b.example", "role-approver": ""}, ["roles"]),
    ],
)
def test_what_is_missing_of_a_colleague_is_named(typed: dict[str, str], fields: list[str]):
    wrong = read(typed)
    assert isinstance(wrong, list)
    assert [problem.field for problem in wrong] == fields


def test_no_role_of_the_cooperative_is_given_at_a_member():
    everything = {f"role-{role}": "1" for role in (*AT_MEMBER, "operator", "office", "board")}
    assert ticked(everything) == list(AT_MEMBER)
    assert set(AT_MEMBER) > FOUR_EYES
