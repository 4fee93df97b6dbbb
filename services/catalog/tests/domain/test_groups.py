"""GTINs, and the key that offers of the same thing share: better missed than wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.groups import (
    comparable_group,
    described,
    description_key,
    gtin_14,
    is_gtin,
    is_worldwide,
    normalised,
)

WRITTEN = st.text("aÄöüßxX0123456789 ,./-+%²()*®ermlgkSTKPackvon", max_size=40) | st.text(
    max_size=60
)


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
def test_one_wrong_digit_is_always_noticed(body: str, position: int, by: int):
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    gtin = f"{body}{-total % 10}"
    assert is_gtin(gtin)
    wrong = gtin[:position] + str((int(gtin[position]) + by) % 10) + gtin[position + 1 :]
    assert not is_gtin(wrong)


def test_the_same_gtin_with_and_without_leading_zeros_is_one_group():
    assert comparable_group("036000291452", "", "", "x") == "gtin:00036000291452"
    assert comparable_group("0036000291452", "A", "1", "y") == "gtin:00036000291452"


@pytest.mark.parametrize(
    ("body", "everywhere"),
    [
        ("400638133393", True),
        ("0401234567890", True),
        ("289377987714", False),
        ("021234567890", False),
        ("41234567890", False),
        ("981234567890", False),
        ("9638507", True),
        ("2012345", False),
        ("0000000", False),
    ],
)
def test_a_number_a_shop_gave_itself_makes_no_group(body: str, everywhere: bool):
    gtin = next(f"{body}{digit}" for digit in range(10) if is_gtin(f"{body}{digit}"))
    assert is_worldwide(gtin) is everywhere
    assert comparable_group(gtin, "", "", "x").startswith("gtin:" if everywhere else "txt:")


def test_without_gtin_maker_and_number_decide():
    ours = comparable_group("", "Lennepap GmbH & Co.", "LEN-876/41", "Papier")
    assert ours == "mfr:lennepap gmbh co|len 876 41"
    assert comparable_group("", "LENNEPAP  GmbH+Co", "len 876 41", "Kopierpapier") == ours
    assert comparable_group("2893779877144", "Lennepap GmbH Co", "LEN 876 41", "x") == ours


@pytest.mark.parametrize(("maker", "number"), [("", "1"), ("Lennepap", ""), ("-", "1")])
def test_without_either_the_description_decides(maker: str, number: str):
    key = description_key("Hämmer,  500 g", "", "1 Stück", "H87")
    assert comparable_group("", maker, number, key) == "txt:haemmer 500g||H87"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Kopierpapier, DIN A4, 80 g/m²", "KOPIERPAPIER A4 80g/qm"),
        ("Büroklammer 32mm", "Bueroklammer, 32 mm"),
        ("Handseife 0,5 l", "Handseife 500 ml"),
        ("Handseife 0.5 Liter", "Handseife 50 cl"),
        ("Fineliner 10er-Pack", "Fineliner (Packung à 10 Stk.)"),
        ("Fineliner VE 10", "Fineliner, Pack 10 Stück"),
        ("Folie 60 × 40", "Folie 60x40"),
        ("Maß 2 m", "Mass 2000 mm"),
        ("Streusalz 25 kg", "Streusalz, 25000 Gramm"),
        ("Edding® 3000", "edding 3000"),
        ("Heft 80 Bl.", "Heft, 80 Blatt"),
    ],
)
def test_the_same_said_in_other_words_is_the_same(first: str, second: str):
    assert described(first) == described(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Batterie 1,5 V", "Batterie 15 V"),
        ("Bohrer 1/2", "Bohrer 12"),
        ("Größe 4-7", "Größe 4,7"),
        ("Thermometer -20", "Thermometer 20"),
        ("Leuchte A+", "Leuchte A"),
        ("Alkohol 70 %", "Alkohol 70"),
        ("Blatt 1.000", "Blatt 1,000"),
        ("Kanister 1.000 ml", "Kanister 1 ml"),
        ("Ordner blau", "Ordner rot"),
        ("Ordner A4", "Ordner A3"),
        ("Papier 80 g", "Papier 80 kg"),
        ("Fineliner 10er Pack", "Fineliner 10"),
        ("Hämmer", "Hammer"),
        ("Schraube M4 x 20", "Schraube M42 x 0"),
        ("Toner 12 A", "Toner 1 2A"),
    ],
)
def test_what_may_be_another_thing_stays_another(first: str, second: str):
    assert described(first) != described(second)


def test_packs_and_order_units_are_never_taken_for_each_other():
    keys = {
        description_key("Fineliner schwarz", "", content, unit)
        for content, unit in [("", "H87"), ("10 Stück", "XPK"), ("20 Stück", "XPK"), ("", "XPK")]
    }
    assert len(keys) == 4
    assert description_key("Stift rot", "", "1 Stück", "H87") == description_key(
        "Stift rot", "andere Worte", "", "H87"
    )


def test_a_name_of_one_word_says_too_little():
    leather = description_key("Handschuhe", "Leder, Größe 10", "", "PR")
    assert leather != description_key("Handschuhe", "Latex, Größe 10", "", "PR")


def test_a_long_key_is_short_and_still_its_own():
    long = "sehr lange Beschreibung " * 40
    first, second = (
        comparable_group("", "", "", f"{long} a"),
        comparable_group("", "", "", f"{long} b"),
    )
    assert first != second
    assert len(first) < 200


@given(WRITTEN)
def test_normalising_twice_changes_nothing(text: str):
    assert normalised(normalised(text)) == normalised(text)
    assert described(described(text)) == described(text)


@given(WRITTEN)
def test_case_and_spaces_around_make_no_difference(text: str):
    assert described(f"  {text} ") == described(text)
    assert described(text.swapcase().casefold()) == described(text.casefold())


@given(
    st.lists(st.integers(1, 99), min_size=1, max_size=4), st.lists(st.integers(1, 99), max_size=4)
)
def test_other_numbers_are_another_thing(ones: list[int], others: list[int]):
    keys = [described("Satz " + ", ".join(map(str, numbers))) for numbers in (ones, others)]
    assert (keys[0] == keys[1]) == (ones == others)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Salz 1,5 kg", "salz 1500g"),
        ("Wein 0,75 l", "wein 750ml"),
        ("Wein 75 cl", "wein 750ml"),
        ("Latte 2 cm", "latte 20mm"),
        ("Latte 2,5 m", "latte 2500mm"),
        ("Dose 500 mg", "dose 500mg"),
        ("Boden 3 qm", "boden 3m2"),
        ("Papier 80 g/qm", "papier 80gm2"),
        ("Sand 1.000 kg", "sand 1.000kg"),
        ("Sand 1,000 kg", "sand 1,000kg"),
        ("Sand 123456789012 kg", "sand 123456789012000g"),
        ("Sand 1234567890123 kg", "sand 1234567890123kg"),
        ("Stift 12er Pack", "stift pack12"),
        ("Stift Pack mit 12 Stück", "stift pack12"),
        ("Umschlag DIN C5", "umschlag c5"),
        ("Din Norm", "din norm"),
        ("Tuch 30 x 40 x 2", "tuch 30x40x2"),
    ],
)
def test_measures_and_packs_are_written_one_way(written: str, shown: str):
    assert described(written) == shown


@pytest.mark.parametrize(
    ("gtin", "full"),
    [("96385074", "00000096385074"), ("4006381333931", "04006381333931"), ("0" * 14, "0" * 14)],
)
def test_a_gtin_has_fourteen_digits_wherever_it_is_compared(gtin: str, full: str):
    assert gtin_14(gtin) == full


def test_a_key_of_two_hundred_signs_is_whole_and_a_longer_one_is_cut_with_its_hash():
    whole = comparable_group("", "", "", "a" * 196)
    assert whole == f"txt:{'a' * 196}"
    cut = comparable_group("", "", "", "a" * 197)
    assert (len(cut), cut[:100], cut[100]) == (165, f"txt:{'a' * 96}", "#")
    assert cut != comparable_group("", "", "", "a" * 198)


def test_a_single_piece_as_content_says_nothing():
    single = description_key("Stift rot", "", "1 Stück", "H87")
    assert single == "stift rot||H87"
    assert description_key("Stift rot", "", "2 Stück", "H87") == "stift rot|2stk|H87"


def test_two_words_are_enough_and_the_description_is_not_asked():
    assert description_key("Stift rot", "Tinte", "", "H87") == "stift rot||H87"
    assert description_key("Stift", "Tinte rot", "", "H87") == "stift tinte rot||H87"


@pytest.mark.parametrize(
    "name", ["Lennepap®", "LENNEPAP", " lennepap ", "Lennepap-", "ＬＥＮＮＥＰＡＰ"]
)
def test_makers_are_the_same_in_any_spelling(name: str):
    assert normalised(name).split()[0] == "lennepap"
