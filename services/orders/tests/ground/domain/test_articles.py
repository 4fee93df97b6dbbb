"""Which quantities and days of an article can be had, and how far back a quote may lie."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.routes import KeptOffer
from marktbund.errors import Invalid
from orders.ground.domain.articles import (
    Bounds,
    against_amount,
    against_quoted,
    against_wanted,
    is_whole,
    months_before,
    require_quoted,
)

TODAY = date(2026, 5, 31)


def bounds(unit: str = "C62", minimum: str | None = None, interval: str | None = None) -> Bounds:
    return Bounds(
        unit,
        None if minimum is None else Decimal(minimum),
        None if interval is None else Decimal(interval),
    )


@pytest.mark.parametrize(
    ("known", "wanted", "next_allowed"),
    [
        (bounds(), "3", "3"),
        (bounds(), "2.5", "3"),
        (bounds("KGM"), "2.5", "2.5"),
        (bounds("KGM", interval="0.25"), "2.6", "2.75"),
        (bounds(minimum="10"), "3", "10"),
        (bounds(interval="6"), "7", "12"),
        (bounds(interval="6"), "12", "12"),
        (bounds(minimum="10", interval="6"), "1", "12"),
        # Half a dozen pieces in steps of one and a half: whole pieces only.
        (bounds(interval="1.5"), "4", "6"),
        (bounds("KGM", minimum="0.5"), "0.1", "0.5"),
    ],
)
def test_the_next_quantity_that_can_be_had(known: Bounds, wanted: str, next_allowed: str):
    assert known.next_allowed(Decimal(wanted)) == Decimal(next_allowed)


@pytest.mark.parametrize(
    ("known", "wanted", "code"),
    [
        (bounds(), "3", None),
        (bounds(), "2.5", "quantity_not_whole"),
        (bounds(minimum="10"), "9", "quantity_below_minimum"),
        (bounds(minimum="10"), "10", None),
        (bounds(interval="6"), "7", "quantity_off_interval"),
        (bounds("KGM", interval="0.25"), "0.3", "quantity_off_interval"),
        (bounds(minimum="2", interval="6"), "2.5", "quantity_not_whole"),
    ],
)
def test_a_quantity_nobody_delivers_is_refused_with_the_next_that_can_be_had(
    known: Bounds, wanted: str, code: str | None
):
    reason = known.against(Decimal(wanted), "lines[0].quantity")
    if code is None:
        assert reason is None
        return
    assert reason is not None
    assert (reason.code, reason.field) == (code, "lines[0].quantity")
    assert reason.way_out.startswith("Die nächste mögliche Menge: ")


@given(
    unit=st.sampled_from(["C62", "XPK", "KGM", "MTR"]),
    minimum=st.none() | st.decimals("0.001", "500", places=3),
    interval=st.none() | st.decimals("0.001", "50", places=3),
    wanted=st.decimals("0.001", "9999", places=3),
)
def test_what_is_proposed_can_be_had_and_is_not_less_than_wanted(unit, minimum, interval, wanted):
    known = Bounds(unit, minimum, interval)
    proposed = known.next_allowed(wanted)
    assert known.against(proposed, "quantity") is None
    assert proposed >= wanted
    assert known.next_allowed(proposed) == proposed
    assert is_whole(proposed, unit)


@pytest.mark.parametrize(
    ("quantity", "price", "refused"),
    [
        ("1", "0.0050", False),
        ("0.1", "0.0400", True),
        ("1", "0.0049", True),
        ("5", "0", False),
        ("0.001", "0.0001", True),
    ],
)
def test_a_line_is_worth_a_cent_or_costs_nothing(quantity: str, price: str, refused: bool):
    reason = against_amount(Decimal(quantity), Decimal(price), "lines[0].quantity")
    assert (reason is not None) is refused
    assert reason is None or reason.code == "amount_zero"


@pytest.mark.parametrize(
    ("wanted", "refused"), [(None, False), (TODAY, False), (date(2026, 5, 30), True)]
)
def test_nothing_is_wanted_for_a_day_gone_by(wanted: date | None, refused: bool):
    reason = against_wanted(wanted, TODAY, "lines[2]")
    assert (reason is not None) is refused
    if reason is not None:
        assert reason.field == "lines[2].requested_delivery_date"
        assert "30.05.2026" in reason.detail


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, None),
        (TODAY, None),
        (date(2026, 6, 1), "quote_in_the_future"),
        (date(2024, 5, 31), None),
        (date(2024, 5, 30), "quote_too_old"),
    ],
)
def test_a_quote_is_of_the_last_two_years(day: date | None, code: str | None):
    reason = against_quoted(day, TODAY, "quotes[0]")
    assert (reason.code if reason else None) == code


def test_the_quote_that_is_wrong_is_named():
    offers = [
        KeptOffer(kind="asked", supplier_name="Bürowelt"),
        KeptOffer(kind="received", supplier_name="Papier Süd", quoted_on=date(2026, 6, 1)),
    ]
    with pytest.raises(Invalid) as refused:
        require_quoted(offers, TODAY, "offers")
    assert (refused.value.code, refused.value.field) == (
        "quote_in_the_future",
        "offers[1].quoted_on",
    )
    require_quoted(offers[:1], TODAY, "offers")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 48, date(2022, 12, 31)),
        (date(2026, 3, 1), 0, date(2026, 3, 1)),
    ],
)
def test_months_back_is_the_same_day_or_the_last_of_that_month(day, months: int, before: date):
    assert months_before(day, months) == before


@given(day=st.dates(date(2001, 1, 1), date(2099, 12, 31)), months=st.integers(0, 48))
def test_a_longer_window_never_begins_later(day: date, months: int):
    assert months_before(day, months + 1) < months_before(day, months) <= day
