"""Numbers as typed: read exactly, or refused with the way out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.forms.numbers import AMOUNT, CEILING, PRICE, QUANTITY, QUOTED_PRICE, read_number
from portal.words import figures


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12", "12"),
        ("7,", "7"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        ("0.125", "0.125"),
        ("1000", "1000"),
        ("1.000,5", "1000.5"),
        ("1.000.000", "1000000"),
        ("12 500", "12500"),
        ("12\u202f500,5", "12500.5"),
        (" 3 ", "3"),
    ],
)
def test_what_can_mean_one_thing_only_is_read(typed: str, read: str):
    assert read_number(typed, QUANTITY) == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", "0", "0,0", "-1", "viel", "NaN", "1e9", "1_000", "1.00.0", "1,2,3"]
)
def test_what_is_no_quantity_is_refused(typed: str):
    assert read_number(typed, QUANTITY) == "Bitte geben Sie eine Menge größer als 0 an."


@pytest.mark.parametrize("measure", [QUANTITY, PRICE, QUOTED_PRICE])
def test_a_thousand_that_could_be_one_is_refused_with_both_ways_to_write_it(measure):
    sentence = read_number("1.000", measure)
    assert sentence == "„1.000“ kann zweierlei heißen. Bitte schreiben Sie 1000 oder 1,000."


@pytest.mark.parametrize("measure", [AMOUNT, CEILING])
def test_where_three_decimals_cannot_be_a_point_parts_thousands(measure):
    assert read_number("50.000", measure) == 50_000


@pytest.mark.parametrize(
    ("typed", "measure", "sentence"),
    [
        ("1,0005", QUANTITY, "Bitte höchstens drei Stellen nach dem Komma."),
        ("1.0005", QUANTITY, "Bitte höchstens drei Stellen nach dem Komma."),
        ("0,005", AMOUNT, "Bitte höchstens zwei Stellen nach dem Komma."),
        ("1,00001", PRICE, "Bitte höchstens vier Stellen nach dem Komma."),
        ("10000000", QUANTITY, "Das ist zu viel: höchstens 9.999.999."),
        ("٣", QUANTITY, "Bitte schreiben Sie Zahlen mit den Ziffern 0 bis 9."),
        ("１２", QUANTITY, "Bitte schreiben Sie Zahlen mit den Ziffern 0 bis 9."),
        ("0", PRICE, "Bitte geben Sie einen Preis größer als 0 an."),
    ],
)
def test_what_would_be_changed_in_silence_is_refused(typed: str, measure, sentence: str):
    assert read_number(typed, measure) == sentence


def test_samples_cost_nothing_and_amounts_may_name_their_currency():
    assert read_number("0", QUOTED_PRICE) == 0
    assert read_number("12.500.000,00 €", AMOUNT) == 12_500_000


@given(st.decimals("0.001", 9_999_999, places=3))
def test_a_quantity_is_read_as_the_pages_put_it_into_a_field(value: Decimal):
    assert read_number(figures.typed(value), QUANTITY) == value
