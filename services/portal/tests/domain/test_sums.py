"""Sums with VAT: per rate, on the sum of the lines, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.http.orders import OrderedLineAnswer
from portal.domain.sums import RateSum, sums_of, sums_of_order
from services.portal.tests import facts

CENTS = st.decimals(0, 1_000_000, places=2)
RATES = st.sampled_from([Decimal(0), Decimal(7), Decimal(19)])


def lines(*priced: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    """Lines of net EUR and rate."""
    return [(Decimal(net), Decimal(rate)) for net, rate in priced]


def test_vat_is_taken_from_the_sum_of_a_rate_and_never_from_its_lines() -> None:
    # Per line it would be 3 x 0.02 = 0.06 EUR; on the sum of 0.24 EUR it is 0.0456.
    sums = sums_of(lines(("0.08", "19"), ("0.08", "19"), ("0.08", "19")))
    assert sums.rates == (RateSum(Decimal(19), Decimal("0.24"), Decimal("0.05")),)
    assert sums.gross == Decimal("0.29")


def test_rates_stand_apart_with_the_highest_first() -> None:
    sums = sums_of(lines(("10.00", "7"), ("100.00", "19"), ("5.00", "0"), ("20.00", "7")))
    assert [(rate.rate, rate.net, rate.vat) for rate in sums.rates] == [
        (19, 100, 19),
        (7, 30, Decimal("2.10")),
        (0, 5, 0),
    ]
    assert (sums.net, sums.gross) == (135, Decimal("156.10"))


@pytest.mark.parametrize(
    ("net", "rate", "vat"),
    [
        ("0.50", "19", "0.10"),
        ("0.50", "7", "0.04"),
        ("0.07", "7", "0.00"),
        ("0.08", "7", "0.01"),
        ("999999999.99", "19", "190000000.00"),
        ("-10.00", "19", "-1.90"),
    ],
)
def test_half_a_cent_of_vat_is_rounded_up(net: str, rate: str, vat: str) -> None:
    (only,) = sums_of(lines((net, rate))).rates
    assert only.vat == Decimal(vat)


def test_one_rate_written_in_two_ways_is_one() -> None:
    sums = sums_of(lines(("1.00", "19"), ("2.00", "19.00")))
    assert [(rate.rate, rate.net) for rate in sums.rates] == [(19, 3)]


def test_nothing_ordered_comes_to_nothing() -> None:
    sums = sums_of([])
    assert (sums.net, sums.gross, sums.rates) == (0, 0, ())


def test_a_draft_has_no_sums_and_a_gift_has() -> None:
    assert sums_of_order([]) is None
    gift = OrderedLineAnswer.model_validate(facts.line(net_amount="0.00", unit_price_net="0"))
    sums = sums_of_order([gift])
    assert sums is not None
    assert (sums.net, sums.gross, len(sums.rates)) == (0, 0, 1)


def test_an_orders_sums_are_those_of_its_lines() -> None:
    ordered = [
        OrderedLineAnswer.model_validate(facts.line(net_amount=net, vat_rate=rate))
        for net, rate in (("250.00", "19"), ("99.99", "7"))
    ]
    sums = sums_of_order(ordered)
    assert sums is not None
    assert (sums.net, sums.gross) == (Decimal("349.99"), Decimal("404.49"))


@given(st.lists(st.tuples(CENTS, RATES)))
def test_rates_add_up_whatever_the_order_of_lines(priced: list[tuple[Decimal, Decimal]]) -> None:
    sums = sums_of(priced)
    assert sums == sums_of(reversed(priced))
    assert sums.net == sum(rate.net for rate in sums.rates)
    assert sums.net <= sums.gross <= sums.net * Decimal("1.19") + Decimal("0.02")
    assert sums.gross == sums.gross.quantize(Decimal("0.01"))
