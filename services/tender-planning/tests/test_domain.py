"""The rules of demand, called plainly."""

from decimal import Decimal

import pytest

from marktbund.ids import new_id
from tender_planning.domain.counting import Count
from tender_planning.domain.demand import DemandSums, cpv_class


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("30213100", "30210000"),
        ("30213100-6", "30210000"),
        ("30210000", "30210000"),
        ("", "00000000"),
        ("302", "00000000"),
        ("EDV1", "00000000"),
        ("３０２１", "00000000"),
    ],
)
def test_the_class_is_the_first_four_digits(code: str, expected: str):
    assert cpv_class(code) == expected


def test_demand_is_what_is_left_of_the_order():
    sums = DemandSums(Decimal(100), Decimal(40), Decimal(20), Decimal(5), Decimal(3))
    assert sums.demand == Decimal(72)


def test_an_order_counts_once_per_cell_however_many_lines_it_has(sender):
    count = Count([])
    count.place(sender.place(sender.line(1), sender.line(2), sender.line(3, group="gtin:9")))
    assert [(gain.orders, gain.lines) for gain in count.classes.values()] == [(1, 3)]
    assert [(gain.orders, gain.lines) for gain in count.groups.values()] == [(1, 2), (1, 1)]


def test_a_line_answered_in_its_own_batch_is_kept_once_as_answered(sender):
    placed, count = sender.place(), Count([])
    count.place(placed)
    count.answer(sender.accept(placed))
    assert [line.outcome for line in count.placed.values()] == ["accepted"]
    assert not count.closed


def test_amounts_that_do_not_add_up_are_refused(sender):
    placed, count = sender.place(), Count([])
    count.place(placed)
    wrong = sender.answered_line(placed.lines[0], "100.00").model_copy(
        update={"accepted_net": Decimal("99.99")}
    )
    with pytest.raises(ValueError, match="add up"):
        count.answer(sender.answer(placed, wrong))


def test_a_price_of_nothing_is_still_answered_only_once(sender):
    placed, count = sender.place(sender.line(1, "0.00")), Count([])
    count.place(placed)
    count.answer(sender.accept(placed))
    with pytest.raises(ValueError, match="already"):
        count.answer(sender.accept(placed))


def test_an_unknown_line_is_refused(sender):
    placed, count = sender.place(), Count([])
    count.place(placed)
    with pytest.raises(ValueError, match="unknown"):
        count.answer(sender.answer(placed, sender.answered_line(sender.line(7))))


def test_a_repeated_line_number_is_refused(sender):
    with pytest.raises(ValueError, match="repeats"):
        Count([]).place(sender.place(sender.line(1), sender.line(1)))


def test_a_cancellation_must_name_what_is_open(sender):
    placed, count = sender.place(), Count([])
    count.place(placed)
    with pytest.raises(ValueError, match="differ"):
        count.cancel(sender.cancel(placed, Decimal("99.00")))


def test_nothing_is_cancelled_twice(sender):
    placed, count = sender.place(), Count([])
    count.place(placed)
    count.cancel(sender.cancel(placed))
    with pytest.raises(ValueError, match="no open line"):
        count.cancel(sender.cancel(placed, Decimal(0)))


def test_units_once_mixed_stay_mixed(sender):
    count, member = Count([]), new_id()
    for unit in ("C62", "RM", "RM"):
        count.place(sender.place(sender.line(1, unit=unit), member_id=member))
    [gain] = count.groups.values()
    assert (gain.order_unit, gain.quantity, gain.lines) == (None, None, 3)
