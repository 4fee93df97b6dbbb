"""What search and comparison need of an offer."""

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.offers import Offer, word_endings

PAPER = Offer(
    article_number="BR-1",
    name="Kopierpapier A4",
    description="Für Laserdrucker.",
    cpv="30197630",
    gtin="4006381333931",
    manufacturer="Lennepap",
    manufacturer_article_number="LEN-1",
    order_unit="XPK",
    content="500 Blatt",
    unit_price_net=Decimal("4.27"),
    vat_rate=Decimal(19),
    delivery_days=2,
    minimum_quantity=Decimal(1),
    features=(("Format", "A4"),),
)


def test_every_ending_of_a_compound_can_be_found():
    endings = word_endings("Kopierpapier A4, 80 g").split()
    assert {"kopierpapier", "papier", "ier"} <= set(endings)
    assert "er" not in endings
    assert "a4" not in endings


@pytest.mark.parametrize(
    ("name", "endings"),
    [
        ("Stift", "stift tift ift"),
        ("Uhr", ""),
        ("Äste", "äste ste"),
        ("A\u0308ste", "äste ste"),
        ("Stift-Stift", "stift tift ift"),
        ("USB-C 2000 mm", ""),
        ("", ""),
    ],
)
def test_words_of_four_letters_or_more_have_endings_of_three_or_more(name: str, endings: str):
    assert word_endings(name) == endings


@given(st.text(max_size=60))
def test_no_ending_is_written_twice(name: str):
    endings = word_endings(name).split()
    assert len(endings) == len(set(endings))
    assert all(len(ending) >= 3 for ending in endings)


def test_an_offer_knows_its_group_by_its_gtin_then_maker_then_words():
    assert PAPER.comparable_group == "gtin:04006381333931"
    by_maker = replace(PAPER, gtin="")
    assert by_maker.comparable_group == "mfr:lennepap|len 1"
    by_words = replace(by_maker, manufacturer="")
    assert by_words.comparable_group == "txt:kopierpapier a4|500blatt|XPK"


def test_what_is_derived_follows_the_name_and_cannot_be_changed():
    renamed = replace(PAPER, name="Locher")
    assert renamed.word_endings == "locher ocher cher her"
    with pytest.raises(FrozenInstanceError):
        renamed.word_endings = "x"  # type: ignore[misc]
