"""Every kind of amount at its edges: digits, decimals, signs; and sums that stay what they are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from marktbund.money import (
    CENT,
    Amount,
    NetCosts,
    PositiveAmount,
    Price,
    Quantity,
    Rate,
    net_amount,
)

KINDS = {
    "quantity": Quantity,
    "price": Price,
    "amount": Amount,
    "positive": PositiveAmount,
    "costs": NetCosts,
    "rate": Rate,
}
TAKEN = [
    ("quantity", "0.001"),
    ("quantity", "9999999"),
    ("quantity", "9999999.000"),
    ("quantity", "1.500"),
    ("price", "0"),
    ("price", "0.0001"),
    ("price", "9999999999.9999"),
    ("amount", "-9999999999999999.99"),
    ("amount", "9999999999999999.99"),
    ("amount", "0.00"),
    ("positive", "0.01"),
    ("costs", "0"),
    ("costs", "0.01"),
    ("rate", "0"),
    ("rate", "7.00"),
    ("rate", "100"),
]
REFUSED = [
    ("quantity", "0.000", "greater_than"),
    ("quantity", "-0.001", "greater_than"),
    ("quantity", "9999999.001", "less_than_equal"),
    ("quantity", "0.0001", "decimal_max_places"),
    ("price", "-0.0001", "greater_than_equal"),
    ("price", "0.00001", "decimal_max_places"),
    ("price", "10000000000", "decimal_whole_digits"),
    ("amount", "0.001", "decimal_max_places"),
    ("amount", "10000000000000000", "decimal_whole_digits"),
    ("positive", "0.00", "greater_than"),
    ("positive", "-1", "greater_than"),
    ("costs", "-0.01", "greater_than_equal"),
    ("rate", "100.01", "less_than_equal"),
    ("rate", "-0.01", "greater_than_equal"),
    ("rate", "19.555", "decimal_max_places"),
]
NO_NUMBERS = [
    *("", " ", "1 ", "1\n", "-", ".", "1.", ".5", "1,5", "1.000,00", "--1", "+1"),
    *("1e3", "1E3", "0x10", "1_000", "NaN", "-NaN", "sNaN", "Infinity", "-inf"),
    *("\u0661", "\uff11", "1\u00a0000", "\u22121", "½", "null", "drei"),
]


@pytest.mark.parametrize(("kind", "number"), TAKEN)
def test_a_number_at_the_edge_is_taken_as_it_is(kind: str, number: str):
    taken = TypeAdapter(KINDS[kind]).validate_json(f'"{number}"')
    assert taken == Decimal(number)


@pytest.mark.parametrize(("kind", "number", "code"), REFUSED)
def test_a_number_beyond_the_edge_is_refused_by_what_is_wrong(kind: str, number: str, code: str):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(KINDS[kind]).validate_python(number)
    assert refused.value.errors()[0]["type"] == code


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_digits_and_one_point_in_every_field(kind: str, text: str):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(KINDS[kind]).validate_python(text)
    assert refused.value.errors()[0]["type"] == "decimal_parsing"


@pytest.mark.parametrize("value", [True, False, 1e22, float("nan"), float("inf"), 1e-7])
def test_a_number_of_json_is_a_number_only_if_it_can_be_written_so(value: float):
    with pytest.raises(ValidationError):
        TypeAdapter(Amount).validate_python(value)


class Line(BaseModel):
    quantity: Quantity
    price: Price


@given(st.decimals("0.001", 9_999_999, places=3), st.decimals(0, "9999999999.9999", places=4))
def test_numbers_travel_as_text_without_an_exponent(quantity: Decimal, price: Decimal):
    line = Line(quantity=quantity.normalize(), price=price.normalize())
    sent = line.model_dump_json()
    assert "E" not in sent
    assert Line.model_validate_json(sent) == line


AMOUNTS = [
    ("3", "0.0050", "0.02"),
    ("7", "0.0350", "0.25"),
    ("10000", "0.00005", "0.50"),
    ("0.5", "0.01", "0.01"),
    ("0.499", "0.01", "0.00"),
    ("2500", "0.0175", "43.75"),
    ("333", "0.3333", "110.99"),
    ("1.333", "7.4900", "9.98"),
    ("9999999", "9999.9999", "99999989000.00"),
]


@pytest.mark.parametrize(("quantity", "price", "net"), AMOUNTS)
def test_a_lines_amount_is_rounded_half_up_once(quantity: str, price: str, net: str):
    assert str(net_amount(Decimal(quantity), Decimal(price))) == net


def test_lines_are_rounded_before_they_are_added():
    """DIN EN 16931, BR-CO-10: the sum of the lines' amounts, each as it stands on its line."""
    lines = [net_amount(Decimal(3), Decimal("0.3350"))] * 3
    assert (str(lines[0]), str(sum(lines))) == ("1.01", "3.03")
    assert str(net_amount(Decimal(9), Decimal("0.3350"))) == "3.02"


@given(st.integers(1, 1_000_000), st.decimals(0, "10000", places=2))
def test_whole_pieces_at_whole_cents_need_no_rounding(pieces: int, price: Decimal):
    assert net_amount(Decimal(pieces), price) == pieces * price


@given(
    st.decimals("0.001", 9_999, places=3),
    st.decimals("0.001", 9_999, places=3),
    st.decimals(0, 9_999, places=4),
)
def test_splitting_a_line_moves_at_most_a_cent(first: Decimal, second: Decimal, price: Decimal):
    apart = net_amount(first, price) + net_amount(second, price)
    assert abs(apart - net_amount(first + second, price)) <= CENT


@given(st.decimals("0.001", 9_999_999, places=3), st.decimals(0, 9_999, places=4))
def test_more_never_costs_less(quantity: Decimal, price: Decimal):
    assert net_amount(quantity, price) <= net_amount(quantity + Decimal("0.001"), price)
