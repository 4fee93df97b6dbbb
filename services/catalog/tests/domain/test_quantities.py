"""Minimum and interval of an article go together, or a sentence says why not."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.domain.quantities import bound_fault

QUANTITIES = st.decimals(min_value=Decimal("0.001"), max_value=10_000, places=3)


@pytest.mark.parametrize(
    ("unit", "minimum", "interval"),
    [
        ("H87", "1", None),
        ("H87", "10", "10"),
        ("H87", "10", "5"),
        ("KGM", "0.5", None),
        ("KGM", "0.5", "0.25"),
        ("KGM", "1.5", "0.5"),
        ("H87", "10.000", "5.0"),
    ],
)
def test_bounds_that_go_together_have_no_fault(unit: str, minimum: str, interval: str | None):
    step = None if interval is None else Decimal(interval)
    assert bound_fault(unit, Decimal(minimum), step) is None


@pytest.mark.parametrize(
    ("unit", "minimum", "interval", "column", "code"),
    [
        ("H87", "0.5", None, "minimum_quantity", "quantity_not_whole"),
        ("H87", "1", "0.5", "quantity_interval", "quantity_not_whole"),
        ("H87", "1.5", "0.5", "minimum_quantity", "quantity_not_whole"),
        ("H87", "10", "3", "quantity_interval", "interval_not_in_minimum"),
        ("H87", "5", "10", "quantity_interval", "interval_not_in_minimum"),
        ("KGM", "0.5", "0.3", "quantity_interval", "interval_not_in_minimum"),
    ],
)
def test_bounds_that_do_not_name_column_and_reason(
    unit: str, minimum: str, interval: str | None, column: str, code: str
):
    step = None if interval is None else Decimal(interval)
    fault = bound_fault(unit, Decimal(minimum), step)
    assert fault is not None
    assert (fault.column, fault.code) == (column, code)


def test_what_is_counted_is_named_in_the_sentence():
    fault = bound_fault("XPK", Decimal("0.5"), None)
    assert fault is not None
    assert fault.sentence == "Die Bestelleinheit XPK wird gezählt: Hier steht eine ganze Zahl."


@given(QUANTITIES, st.integers(1, 50))
def test_multiples_of_the_interval_are_minimums(interval: Decimal, times: int):
    assert bound_fault("KGM", interval * times, interval) is None


@given(QUANTITIES, QUANTITIES)
def test_anything_else_is_none(minimum: Decimal, interval: Decimal):
    assume((minimum * 1000) % (interval * 1000) != 0)
    fault = bound_fault("KGM", minimum, interval)
    assert fault is not None
    assert fault.code == "interval_not_in_minimum"
