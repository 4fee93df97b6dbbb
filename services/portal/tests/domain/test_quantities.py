"""Quantities as suppliers sell them: whole pieces, at least so many, in steps."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import quantities


@dataclass(frozen=True)
class Article:
    """An article on sale."""

    order_unit: str = "H87"
    minimum_quantity: Decimal = Decimal(1)
    quantity_interval: Decimal | None = None


def sold(unit: str = "H87", least: str = "1", step: str | None = None) -> Article:
    """An article sold in this unit, from so many on, in such steps."""
    return Article(unit, Decimal(least), None if step is None else Decimal(step))


@pytest.mark.parametrize(
    ("article", "wanted"),
    [
        (sold(), "1"),
        (sold(), "9999999"),
        (sold(least="10"), "10"),
        (sold(step="5"), "15"),
        (sold(least="10", step="3"), "12"),
        (sold("KGM", "0"), "0.125"),
        (sold("KGM", "0.5", "0.25"), "0.75"),
        (sold("XRO", step="0"), "7"),
    ],
)
def test_what_the_supplier_sells_can_be_ordered(article: Article, wanted: str) -> None:
    assert quantities.why_not(article, Decimal(wanted)) == ""


@pytest.mark.parametrize(
    ("article", "wanted", "sentence"),
    [
        (sold(), "1.5", "Stück gibt es nur ganz. Bitte geben Sie eine ganze Zahl an."),
        (sold("XRO"), "0.1", "Rolle gibt es nur ganz. Bitte geben Sie eine ganze Zahl an."),
        (sold("X99"), "2.5", "Einheit gibt es nur ganz. Bitte geben Sie eine ganze Zahl an."),
        (sold(least="1000"), "999", "Der Lieferant verkauft mindestens 1.000."),
        (sold("KGM", "2.5"), "2.499", "Der Lieferant verkauft mindestens 2,5."),
        (sold(), "10000000", "Das ist zu viel: höchstens 9.999.999."),
        (sold("LTR"), "9999999.001", "Das ist zu viel: höchstens 9.999.999."),
    ],
)
def test_what_cannot_be_ordered_says_what_can(article: Article, wanted: str, sentence: str) -> None:
    assert quantities.why_not(article, Decimal(wanted)) == sentence


@pytest.mark.parametrize(
    ("article", "wanted", "near"),
    [
        (sold(step="5"), "12", "10 oder 15"),
        (sold(step="5"), "1", "5"),
        (sold(least="10", step="3"), "11", "12"),
        (sold(least="10", step="3"), "10", "12"),
        (sold("KGM", "0", "0.25"), "0.3", "0,25 oder 0,5"),
        (sold(step="10"), "9999995", "9.999.990"),
        (sold(step="2.5"), "6", "5"),
    ],
)
def test_the_steps_that_are_named_can_be_ordered_themselves(
    article: Article, wanted: str, near: str
) -> None:
    sentence = quantities.why_not(article, Decimal(wanted))
    assert sentence.endswith(f", also etwa {near}.")


def test_where_no_step_near_is_whole_none_is_named() -> None:
    sentence = quantities.why_not(sold(step="0.3"), Decimal(1))
    assert sentence == "Verkauft wird in Schritten von 0,3."


@pytest.mark.parametrize(
    ("article", "terms", "bounds"),
    [
        (sold(), "", "Nur ganze Einheiten"),
        (sold(step="1"), "", "Nur ganze Einheiten"),
        (sold("KGM", "0"), "", ""),
        (sold("KGM", "1"), "Mindestens 1", "Mindestens 1"),
        (sold(least="10", step="5"), "Mindestens 10, in Schritten von 5", None),
        (sold(step="12"), "In Schritten von 12", None),
        (sold("MTR", "0", "0.5"), "In Schritten von 0,5", None),
        (sold("MTR", "0", "1"), "In Schritten von 1", None),
    ],
)
def test_terms_are_said_in_one_sentence(article: Article, terms: str, bounds: str | None) -> None:
    assert quantities.terms(article) == terms
    assert quantities.bounds(article) == (terms if bounds is None else bounds)


@pytest.mark.parametrize(
    ("article", "first"),
    [
        (sold(), "1"),
        (sold(least="0"), "1"),
        (sold(least="10"), "10"),
        (sold(least="10", step="3"), "12"),
        (sold(least="0", step="6"), "6"),
        (sold("KGM", "0.5", "0.25"), "0.5"),
        (sold("KGM", "0.6", "0.25"), "0.75"),
    ],
)
def test_the_first_quantity_is_one_the_supplier_sells(article: Article, first: str) -> None:
    assert quantities.first(article) == Decimal(first)
    assert quantities.why_not(article, quantities.first(article)) == ""


def test_steps_are_offered_only_where_there_are_any() -> None:
    assert quantities.offered(sold()) == ()
    assert quantities.offered(sold(step="1")) == ()
    assert quantities.offered(sold(least="10", step="5")) == (10, 15, 20, 25, 30, 35)
    assert quantities.offered(sold("MTR", "0", "1")) == (1, 2, 3, 4, 5, 6)
    assert quantities.offered(sold(step="2.5")) == (5, 10, 15)


def test_steps_end_where_orders_end() -> None:
    assert quantities.offered(sold(step="4000000")) == (4_000_000, 8_000_000)


@pytest.mark.parametrize(
    ("article", "hints"),
    [
        (sold(), {"inputmode": "numeric"}),
        (sold("KGM", "0"), {"inputmode": "decimal"}),
        (sold(step="5"), {"inputmode": "numeric", "list": "menge-7-stufen"}),
    ],
)
def test_a_field_opens_the_keys_its_numbers_need(article: Article, hints: dict[str, str]) -> None:
    assert quantities.hints(article, "menge-7") == hints


@given(
    st.integers(0, 50),
    st.integers(1, 12),
    st.decimals("0.001", "200", places=3),
    st.sampled_from(["H87", "KGM"]),
)
def test_every_step_that_is_named_is_taken(
    least: int, step: int, wanted: Decimal, unit: str
) -> None:
    article = sold(unit, str(least), str(step))
    _, named, near = quantities.why_not(article, wanted).rstrip(".").partition(", also etwa ")
    for number in near.split(" oder ") if named else ():
        assert quantities.why_not(article, Decimal(number)) == ""
