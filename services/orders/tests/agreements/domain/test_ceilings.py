"""A ceiling's arithmetic: nothing beyond it, nothing lost, to the cent and the unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.agreements.domain.ceilings import Draw, Standing

amounts = st.decimals(Decimal(0), Decimal(500), places=2)
quantities = st.decimals(Decimal(0), Decimal(500), places=3)


def draw(value: object, quantity: object = 0) -> Draw:
    return Draw(1, Decimal(str(value)), Decimal(str(quantity)))


@given(st.lists(st.tuples(amounts, quantities), max_size=20), amounts, quantities)
def test_what_is_taken_and_given_back_leaves_nothing(draws, limit_value, limit_quantity):
    empty = Standing(1, None, limit_value, limit_quantity)
    standing, taken = empty, []
    for value, quantity in draws:
        wanted = draw(value, quantity)
        if standing.refusals(wanted):
            with pytest.raises(ValueError, match="cannot take"):
                standing.take(wanted)
            continue
        standing = standing.take(wanted)
        taken.append(wanted)
        assert standing.used_value_net <= limit_value
        assert standing.used_quantity <= limit_quantity
    for back in taken:
        standing = standing.take(draw(-back.value_net, -back.quantity))
    assert standing == empty


def test_the_last_cent_fits_and_one_more_does_not():
    standing = Standing(1, None, Decimal("100000.00"), None, Decimal("99000.00"))
    assert standing.refusals(draw("1000.00")) == []
    [reason] = standing.refusals(draw("1000.01"))
    assert (reason.code, reason.detail) == ("ceiling_value", "Los 1: Rest 1.000,00 EUR.")
    assert "§ 132 GWB" in reason.way_out


def test_giving_back_is_never_refused_but_only_what_was_taken():
    full = Standing(1, None, Decimal(5), Decimal(5), Decimal(5), Decimal(5))
    assert full.refusals(draw(-5, -5)) == []
    with pytest.raises(ValueError, match="cannot take"):
        full.take(draw("-5.01"))


def test_without_a_limit_consumption_is_counted_all_the_same():
    standing = Standing(1, None).take(draw(7, 2))
    assert (standing.used_value_net, standing.rest_value_net) == (Decimal(7), None)
