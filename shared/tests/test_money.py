"""Money: Decimal, net EUR, rounded half up per line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from marktbund.money import CENT, Amount, NetCosts, Price, Quantity, Rate, net_amount

QUANTITIES = st.decimals("0.001", 9_999_999, places=3)
PRICES = st.decimals(0, "9999999999.9999", places=4)


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        ("1", "0.0049", "0.00"),
        ("1", "0.0050", "0.01"),
        ("3", "0.3333", "1.00"),
        ("0.001", "4.9999", "0.00"),
        ("1.5", "12.50", "18.75"),
        ("1", "2.6750", "2.68"),
    ],
)
def test_half_a_cent_is_rounded_up(quantity: str, price: str, expected: str):
    assert str(net_amount(Decimal(quantity), Decimal(price))) == expected


@given(QUANTITIES, PRICES)
def test_an_amount_is_within_half_a_cent_of_the_product(quantity: Decimal, price: Decimal):
    amount = net_amount(quantity, price)
    assert amount.as_tuple().exponent == CENT.as_tuple().exponent
    assert abs(amount - quantity * price) <= CENT / 2


@given(QUANTITIES)
def test_every_quantity_survives_json(quantity: Decimal):
    adapter = TypeAdapter(Quantity)
    assert adapter.validate_json(adapter.dump_json(quantity)) == quantity


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Quantity, "0"),
        (Quantity, "-1"),
        (Quantity, "9999999.001"),
        (Quantity, "1.0001"),
        (Quantity, "NaN"),
        (Quantity, "Infinity"),
        (Quantity, "1_000"),
        (Quantity, "1e3"),
        (Quantity, "+1"),
        (Quantity, " 1"),
        (Quantity, ".5"),
        (Quantity, "\u0663"),
        (Quantity, "\uff11\uff12"),
        (Quantity, True),
        (Quantity, 1e22),
        (NetCosts, "-0.01"),
        (NetCosts, "1_0"),
        (Rate, "100.01"),
        (Amount, "1_0.00"),
        (Price, "\u0661"),
        (Price, "-0.01"),
        (Price, "0.00001"),
        (Price, "99999999999"),
        (Amount, "0.001"),
        (Amount, "99999999999999999"),
    ],
)
def test_what_is_no_quantity_price_or_amount(kind: object, value: object):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Quantity, "9999999"),
        (Quantity, "0.001"),
        (Quantity, 3),
        (Quantity, 2.5),
        (Price, "0"),
        (Amount, "-1.00"),
        (NetCosts, "0"),
        (Rate, "19"),
    ],
)
def test_the_edges_that_are_allowed(kind: object, value: object):
    assert TypeAdapter(kind).validate_python(value) == Decimal(str(value))
