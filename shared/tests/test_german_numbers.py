"""Numbers in German, whatever their size: points between thousands, a comma, no exponent."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.german import (
    decimal_words,
    euro_words,
    explain,
    number_words,
    percent_words,
    price_words,
)

NUMBERS = st.decimals(-(10**15), 10**15, places=6)
FORM = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?")


def read(words: str) -> Decimal:
    """The number that German words say."""
    return Decimal(words.replace(".", "").replace(",", "."))


@given(NUMBERS)
def test_a_number_is_written_so_that_it_can_be_read_again(number: Decimal):
    words = number_words(number, 0, 6)
    assert FORM.fullmatch(words)
    assert read(words) == number


@given(NUMBERS)
def test_all_decimals_are_written_unless_a_most_is_said(number: Decimal):
    assert read(number_words(number)) == number


@given(st.decimals(-(10**12), 10**12, places=4))
def test_an_amount_has_two_decimals_and_its_currency(net: Decimal):
    words = euro_words(net)
    assert re.fullmatch(r"-?[0-9.]+,[0-9]{2} EUR", words)
    assert read(words.removesuffix(" EUR")) == net.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@given(st.decimals(0, 10**9, places=4))
def test_a_price_keeps_its_four_decimals(net: Decimal):
    words = price_words(net).removesuffix(" EUR")
    assert read(words) == net
    assert 2 <= len(words.partition(",")[2]) <= 4


@given(st.decimals("0.001", 9_999_999, places=3))
def test_a_quantity_has_no_needless_zeros(quantity: Decimal):
    words = decimal_words(quantity)
    assert read(words) == quantity
    assert "," not in words or not words.endswith("0")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1.000"),
        ("999999", "999.999"),
        ("1000000", "1.000.000"),
        ("-1234.5", "-1.234,5"),
        ("0.1", "0,1"),
        ("1E+6", "1.000.000"),
        ("1E-3", "0,001"),
        ("10.00", "10"),
    ],
)
def test_thousands_are_divided_by_points(number: str, words: str):
    """DIN 5008 allows the point; CLDR writes it from four digits on."""
    assert number_words(Decimal(number)) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0", "0 %"),
        ("0.004", "0 %"),
        ("0.006", "1 %"),
        ("0.5", "50 %"),
        ("1", "100 %"),
        ("12.34", "1.234 %"),
        ("-0.125", "-12 %"),
    ],
)
def test_a_share_is_in_whole_percent_with_a_blank(share: str, words: str):
    """DIN 5008: a blank between number and sign."""
    assert percent_words(Decimal(share)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("kind", "context", "sentence"),
    [
        ("string_too_long", {"max_length": 200}, "Höchstens 200 Zeichen."),
        ("greater_than", {"gt": Decimal("0.01")}, "Der Wert muss größer als 0.01 sein."),
        ("too_short", {"min_length": 1}, "Mindestens 1 Eintrag."),
        ("literal_error", {"expected": "'a', 'b' or 'c'"}, "Erlaubt ist: 'a', 'b' oder 'c'."),
        ("text_invisible", {"position": 3, "code": "U+202E"}, ""),
        ("", {}, "Diese Angabe ist ungültig."),
        ("value_error", {"error": 1}, "Diese Angabe ist ungültig."),
    ],
)
def test_a_refusal_is_explained_with_its_bounds(kind: str, context: dict, sentence: str):
    invisible = "Zeichen 3 ist unsichtbar (U+202E). Bitte neu eintippen."
    assert explain(kind, context) == (sentence or invisible)


def test_what_a_sentence_needs_is_there_or_it_is_a_fault():
    with pytest.raises(KeyError, match="max_length"):
        explain("string_too_long", {})
