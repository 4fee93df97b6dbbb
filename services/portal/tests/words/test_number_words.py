"""Numbers at their bounds: negative, zero, very small, very large, and as services write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.words import figures

CENTS = st.decimals("-999999999999.99", "999999999999.99", places=2)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal(0), "0,00 €"),
        (Decimal("-0.5"), "-0,50 €"),
        (Decimal("-1234.5"), "-1.234,50 €"),
        (Decimal("999.99"), "999,99 €"),
        (Decimal("999.995"), "1.000,00 €"),
        (Decimal("0.01"), "0,01 €"),
        (Decimal("999999999999.99"), "999.999.999.999,99 €"),
        (Decimal("123456789012345678.90"), "123.456.789.012.345.678,90 €"),
        ("0.00", "0,00 €"),
        (12, "12,00 €"),
        (0.1, "0,10 €"),
    ],
)
def test_an_amount_has_two_places_and_points_between_thousands(
    value: figures.Figure, shown: str
) -> None:
    assert figures.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2.345", "2,34 €"), ("2.355", "2,36 €"), ("2.3451", "2,35 €"), ("-2.345", "-2,34 €")],
)
def test_half_a_cent_goes_to_the_even_one(value: str, shown: str) -> None:
    assert figures.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12", "12,00 €"),
        ("12.5", "12,50 €"),
        ("0.0175", "0,0175 €"),
        ("1234.5000", "1.234,50 €"),
        ("0", "0,00 €"),
        (None, ""),
    ],
)
def test_a_price_is_never_rounded(value: figures.Figure, shown: str) -> None:
    assert figures.price(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("0.000", "0"),
        ("0.125", "0,125"),
        ("10.0", "10"),
        ("9999999", "9.999.999"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("-2.50"), "-2,5"),
        (None, ""),
    ],
)
def test_a_quantity_has_no_needless_zeros(value: figures.Figure, shown: str) -> None:
    assert figures.quantity(value) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("12.5", 0, "12"),
        ("13.5", 0, "14"),
        ("12.51", 0, "13"),
        ("87.25", 1, "87,2"),
        ("1000", 0, "1.000"),
        ("1000", 3, "1.000,000"),
    ],
)
def test_a_number_has_as_many_places_as_were_asked_for(value: str, places: int, shown: str) -> None:
    assert figures.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("1234.5", "1234,5"),
        ("9999999", "9999999"),
        ("1000000.125", "1000000,125"),
        ("0.5", "0,5"),
        (None, ""),
    ],
)
def test_a_field_holds_no_points_that_could_be_misread(value: figures.Figure, stands: str) -> None:
    assert figures.typed(value) == stands


@pytest.mark.parametrize("show", [figures.number, figures.money, figures.price, figures.quantity])
def test_nothing_is_shown_as_nothing_and_zero_as_zero(show) -> None:
    assert show(None) == ""
    assert show(Decimal(0)).startswith("0")


@given(CENTS)
def test_an_amount_can_be_read_back_to_the_cent(value: Decimal) -> None:
    shown = figures.money(value).removesuffix(" €").replace(".", "").replace(",", ".")
    assert Decimal(shown) == value


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "0 Tage"), (1, "1 Tag"), (2, "2 Tage"), (21, "21 Tage"), (10_000, "10.000 Tage")],
)
def test_only_one_is_in_the_singular(count: int, sentence: str) -> None:
    assert figures.counted(count, "Tag", "Tage") == sentence
