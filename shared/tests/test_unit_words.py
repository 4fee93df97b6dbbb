"""Quantities and their units in German sentences."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.units import MEASURED, is_countable, quantity_words, unit_words

WORDS = [
    ("1", "H87", "1 Stück"),
    ("2", "C62", "2 Stück"),
    ("1", "SET", "1 Set"),
    ("2", "SET", "2 Sets"),
    ("1", "XPK", "1 Packung"),
    ("1.000", "PK", "1 Packung"),
    ("12", "XPK", "12 Packungen"),
    ("1", "XCT", "1 Karton"),
    ("1500", "XBX", "1.500 Kartons"),
    ("0.5", "KGM", "0,5 kg"),
    ("1234.5", "KGM", "1.234,5 kg"),
    ("1", "HUR", "1 Stunde"),
    ("1.5", "HUR", "1,5 Stunden"),
    ("0.25", "DAY", "0,25 Tage"),
    ("1", "MON", "1 Monat"),
    ("3", "XSA", "3 Säcke"),
    ("10", "MTQ", "10 m³"),
    ("1", "ZZ", "1 Einheit"),
    ("7", "ZZ", "7 Einheiten"),
    ("2", "", "2 Einheiten"),
    ("9999999", "LTR", "9.999.999 l"),
    ("0.001", "TNE", "0,001 t"),
    ("2", "XCA", "2 Dosen"),
    ("1", "XPX", "1 Palette"),
    ("3", "XDR", "3 Fässer"),
    ("2", "LM", "2 laufende Meter"),
    ("3", "CEN", "3 Einheiten"),
    ("1", "LS", "1 Einheit"),
]


@pytest.mark.parametrize(("quantity", "unit", "words"), WORDS)
def test_a_quantity_is_written_as_people_say_it(quantity: str, unit: str, words: str):
    assert quantity_words(Decimal(quantity), unit) == words


@pytest.mark.parametrize(
    ("unit", "word"),
    [("XRO", "Rolle"), ("PR", "Paar"), ("XBO", "Flasche"), ("MIN", "Minute"), ("QQ", "Einheit")],
)
def test_a_unit_alone_stands_in_the_singular(unit: str, word: str):
    assert unit_words(unit) == word


@pytest.mark.parametrize("unit", ["kgm", "KGM ", " KGM", "kg", "Stück"])
def test_a_code_is_a_code_of_the_recommendation_and_nothing_like_it(unit: str):
    assert is_countable(unit)
    assert unit_words(unit) == "Einheit"


@given(st.sampled_from(sorted(MEASURED)))
def test_what_is_measured_may_be_ordered_in_parts(unit: str):
    assert not is_countable(unit)
    assert quantity_words(Decimal("0.5"), unit).startswith("0,5 ")


@given(st.decimals("0.001", 9_999_999, places=3), st.sampled_from(["SET", "XPK", "HUR", "ZZ"]))
def test_only_one_is_singular(quantity: Decimal, unit: str):
    word = quantity_words(quantity, unit).split(" ", 1)[1]
    assert (word == unit_words(unit)) is (quantity == 1)
