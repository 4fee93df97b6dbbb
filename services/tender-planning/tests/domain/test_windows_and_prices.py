"""Months of a window, quartiles of prices and figures in words, each worked out by hand."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from tender_planning.domain.evidence import Window, effective, later
from tender_planning.domain.prices import Paid, PriceSpread, spread
from tender_planning.domain.wording import counted, euro, month, number, percent

ALICE, BOB = UUID(int=1), UUID(int=2)


def paid(
    price: str, lines: int = 1, supplier: UUID = ALICE, unit: str = "C62", on: int = 6
) -> Paid:
    return Paid(unit, Decimal(price), supplier, date(2025, on, 1), lines)


def spread_of(*prices: Paid) -> PriceSpread:
    prices_spread = spread(prices)
    assert prices_spread is not None
    return prices_spread


@pytest.mark.parametrize(
    ("first", "last", "months", "middle"),
    [
        (date(2024, 1, 1), date(2025, 12, 1), 24, date(2025, 1, 1)),
        (date(2025, 1, 1), date(2025, 12, 1), 12, date(2025, 7, 1)),
        (date(2024, 11, 1), date(2026, 3, 1), 17, date(2025, 7, 1)),
        (date(2025, 12, 1), date(2025, 12, 1), 1, date(2025, 12, 1)),
    ],
)
def test_a_window_counts_both_its_ends(first: date, last: date, months: int, middle: date):
    window = Window(first, last)
    assert (window.months, window.middle) == (months, middle)


@pytest.mark.parametrize(
    ("oldest", "months"),
    [
        (date(2025, 12, 1), 12),
        (date(2025, 1, 1), 12),
        (date(2024, 12, 1), 13),
        (date(2024, 1, 1), 24),
        (date(2023, 12, 1), 24),
    ],
)
def test_a_window_is_between_one_year_and_two(oldest: date, months: int):
    window = Window.until(oldest, date(2025, 12, 1))
    assert (window.months, window.last) == (months, date(2025, 12, 1))


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (0, date(2025, 12, 1)),
        (1, date(2026, 1, 1)),
        (13, date(2027, 1, 1)),
        (-11, date(2025, 1, 1)),
        (-12, date(2024, 12, 1)),
    ],
)
def test_months_go_over_the_turn_of_a_year(by: int, expected: date):
    assert later(date(2025, 12, 1), by) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], "0"), (["0"], "0"), (["5"], "1"), (["5", "5"], "2"), (["3", "1"], "1.6")],
)
def test_parts_that_count_are_the_inverse_of_their_concentration(parts: list[str], expected: str):
    # (3 + 1)^2 / (9 + 1) = 1.6
    assert effective(map(Decimal, parts)) == Decimal(expected)


def test_one_price_is_all_five_figures():
    prices = spread_of(paid("4.50", 3))
    figures = {prices.lowest, prices.quartile_1, prices.median, prices.quartile_3, prices.highest}
    assert (figures, prices.lines, prices.relative) == ({Decimal("4.50")}, 3, 0)


def test_quartiles_of_four_lines_are_the_first_three():
    prices = spread_of(*(paid(price) for price in ("4", "1", "3", "2")))
    assert (prices.quartile_1, prices.median, prices.quartile_3) == (1, 2, 3)
    assert prices.relative == Decimal(1)  # (3 - 1) / 2


def test_many_lines_of_one_price_outweigh_a_few_of_others():
    prices = spread_of(paid("1"), paid("5", 8), paid("100"))
    assert (prices.lowest, prices.quartile_1, prices.quartile_3, prices.highest) == (1, 5, 5, 100)


def test_free_goods_have_no_spread():
    assert spread_of(paid("0", 4)).relative == 0


def test_of_two_units_the_one_with_more_lines_is_shown_and_of_equals_the_first_by_name():
    assert spread_of(paid("1", 2, unit="XPK"), paid("9", 1)).order_unit == "XPK"
    assert spread_of(paid("1", 2, unit="XPK"), paid("9", 2)).order_unit == "C62"


def test_suppliers_and_the_last_month_are_those_of_the_unit_shown():
    prices = spread_of(paid("1", 3, on=3), paid("2", 1, BOB, on=5), paid("9", 1, BOB, "XPK", 12))
    assert (prices.suppliers, prices.last_month) == (2, date(2025, 5, 1))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (euro(Decimal("18250.4")), "18.250,40 EUR"),
        (euro(Decimal(0)), "0,00 EUR"),
        (percent(Decimal("0.926")), "93 %"),
        (percent(Decimal(1)), "100 %"),
        (number(Decimal("8.30")), "8,3"),
        (number(Decimal("4.02")), "4"),
        (counted(1, "Mitglied", "Mitglieder"), "1 Mitglied"),
        (counted(0, "Mitglied", "Mitglieder"), "0 Mitglieder"),
        (counted(7, "Mitglied", "Mitglieder"), "7 Mitglieder"),
        (month(date(2026, 3, 1)), "03/2026"),
    ],
)
def test_figures_are_written_the_german_way(words: str, expected: str):
    assert words == expected
