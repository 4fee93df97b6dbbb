"""GTINs, comparable groups, words inside compounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.offers import comparable_group, is_gtin, normalised, word_endings


@pytest.mark.parametrize(
    "gtin", ["96385074", "036000291452", "2893779877144", "4006381333931", "10614141000415"]
)
def test_a_gtin_of_any_length_with_its_check_digit_is_valid(gtin: str):
    assert is_gtin(gtin)


@pytest.mark.parametrize(
    "text",
    ["", "4006381333932", "400638133393", "4006381333931 ", "٤٠٠٦٣٨١٣٣٣٩٣١", "40063813339a1"],
)
def test_anything_else_is_not(text: str):
    assert not is_gtin(text)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, by: int):
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    gtin = f"{body}{-total % 10}"
    assert is_gtin(gtin)
    wrong = gtin[:place] + str((int(gtin[place]) + by) % 10) + gtin[place + 1 :]
    assert not is_gtin(wrong)


def test_the_same_gtin_with_and_without_leading_zeros_is_one_group():
    assert comparable_group("036000291452", "", "", "x") == "gtin:00036000291452"
    assert comparable_group("0036000291452", "A", "1", "y") == "gtin:00036000291452"


def test_without_gtin_maker_and_number_decide():
    ours = comparable_group("", "Lennepap GmbH & Co.", "LEN-876/41", "Papier")
    assert ours == "mfr:lennepap gmbh co|len 876 41"
    assert comparable_group("", "LENNEPAP  GmbH+Co", "len 876 41", "Kopierpapier") == ours


@pytest.mark.parametrize(("maker", "number"), [("", "1"), ("Lennepap", ""), ("-", "1")])
def test_without_either_the_name_decides(maker: str, number: str):
    group = comparable_group("", maker, number, "Hämmer,  500 g/m²")
    assert group == "txt:hämmer 500 g m2"


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str):
    assert normalised(normalised(text)) == normalised(text)


def test_every_ending_of_a_compound_can_be_found():
    endings = word_endings("Kopierpapier A4, 80 g").split()
    assert {"kopierpapier", "papier", "ier"} <= set(endings)
    assert "er" not in endings
    assert "a4" not in endings
