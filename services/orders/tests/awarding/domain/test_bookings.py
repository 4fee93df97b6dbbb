"""An order's own booking left out of the sums, and what a supplier's answer frees of the pots."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.routes import ClassSum, WindowSum
from orders.awarding.domain.limits import Share, shares_freed, without_own

TOWN, UNIT = UUID(int=1), UUID(int=3)
DAY = date(2026, 5, 31)


def bought(ordered: str = "100", **windows: str) -> ClassSum:
    sums = {int(name[1:]): Decimal(net) for name, net in windows.items()}
    return ClassSum(
        cpv_class="3019",
        pot_id=TOWN,
        before_net=sums[max(sums)],
        ordered_net=Decimal(ordered),
        position=4,
        windows=tuple(WindowSum(months=months, before_net=net) for months, net in sums.items()),
    )


def left(known: ClassSum) -> dict[int, Decimal]:
    return {window.months: window.before_net for window in known.windows}


@pytest.mark.parametrize(
    ("booked_on", "within"),
    [
        (DAY, {12: "400", 24: "800"}),
        # A window of 12 months is (31.05.2025, 31.05.2026]: its first day is not in it.
        (date(2025, 6, 1), {12: "400", 24: "800"}),
        (date(2025, 5, 31), {12: "500", 24: "800"}),
        (date(2024, 6, 1), {12: "500", 24: "800"}),
        (date(2024, 5, 31), {12: "500", 24: "900"}),
        (None, {12: "500", 24: "900"}),
    ],
)
def test_a_booking_is_left_out_of_the_windows_that_reach_back_to_it(
    booked_on: date | None, within: dict[int, str]
):
    known = without_own(bought(m24="900", m12="500"), DAY, booked_on)
    assert left(known) == {months: Decimal(net) for months, net in within.items()}
    assert known.before_net == Decimal(within[24])


def test_a_window_begins_on_the_last_day_of_a_shorter_month():
    on = date(2028, 2, 29)
    known = bought(m12="500")
    assert left(without_own(known, on, date(2027, 2, 28))) == {12: 500}
    assert left(without_own(known, on, date(2027, 3, 1))) == {12: 400}


def test_what_is_not_a_sum_stays_as_it_was():
    known = bought(m12="500")
    after = without_own(known, DAY, DAY)
    assert (after.ordered_net, after.position, after.pot_id) == (100, 4, TOWN)
    assert known.before_net == 500


# -- what is freed --------------------------------------------------------------------------------


PLACES = {1: (TOWN, "3019"), 2: (TOWN, "3911"), 3: (UNIT, "3019"), 4: (TOWN, "3019")}


def freed(**nets: str) -> list[tuple[UUID, str, Decimal]]:
    shares = shares_freed({int(name[1:]): Decimal(net) for name, net in nets.items()}, PLACES)
    return [(share.pot_id, share.cpv_class, share.net) for share in shares]


def test_lines_of_a_class_are_freed_together_and_pots_apart():
    assert freed(l1="10.00", l2="5.00", l3="7.00", l4="0.01") == [
        (TOWN, "3019", Decimal("10.01")),
        (TOWN, "3911", Decimal("5.00")),
        (UNIT, "3019", Decimal("7.00")),
    ]


def test_what_frees_nothing_moves_no_pot():
    assert freed(l1="0", l2="0.00") == []
    assert freed() == []


def test_a_line_that_counts_in_no_pot_frees_none():
    assert freed(l1="10.00", l9="99.00") == [(TOWN, "3019", Decimal("10.00"))]


@given(st.dictionaries(st.integers(1, 4), st.decimals(0, 10_000, places=2)))
def test_no_cent_that_was_freed_is_lost(nets: dict[int, Decimal]):
    shares: tuple[Share, ...] = shares_freed(nets, PLACES)
    assert sum(share.net for share in shares) == sum(nets.values())
    assert len({(share.pot_id, share.cpv_class) for share in shares}) == len(shares)
