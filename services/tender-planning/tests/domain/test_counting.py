"""A batch of news counted: which cells gain what, and which news cannot be counted."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from marktbund.contracts.orders import AnsweredLine
from marktbund.ids import new_id
from tender_planning.domain.counting import Count, count_all
from tender_planning.domain.demand import NO_AGREEMENT, DemandSums

PAPER = {"cpv": "30197630", "group": "mfr:a|1", "name": "Papier A4", "unit": "RM"}
NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
"""In Berlin it is the first of January already."""


def sums(**net: str) -> DemandSums:
    return DemandSums(**{name: Decimal(value) for name, value in net.items()})


def test_a_line_gains_in_the_cells_of_its_class_group_seller_and_price(sender):
    member, seller = new_id(), new_id()
    line = sender.line(1, "50.00", quantity="4", **PAPER)
    count = count_all([], [sender.place(line, member_id=member, supplier_id=seller)])
    month = date(2026, 1, 1)
    assert set(count.classes) == {("30190000", member, month)}
    assert set(count.groups) == {("mfr:a|1", member, month)}
    assert set(count.supply) == {("mfr:a|1", "30190000", member, month, seller, NO_AGREEMENT)}
    [(price_cell, price)] = count.prices.items()
    assert price_cell == ("mfr:a|1", "RM", Decimal("12.5000"), seller, month)
    assert (price.lines, price.quantity) == (1, Decimal(4))
    [group] = count.groups.values()
    assert (group.name, group.cpv, group.order_unit, group.quantity) == (
        "Papier A4",
        "30197630",
        "RM",
        Decimal(4),
    )
    assert group.sums == sums(ordered="50.00")


def test_an_article_without_a_group_is_a_group_of_its_own(sender):
    placed = sender.place(sender.line(1, group=""))
    [(group, _, _)] = count_all([], [placed]).groups
    assert group == f"article:{placed.lines[0].article_id}"


def test_a_line_without_a_code_counts_in_no_class(sender):
    [(of_class, _, _)] = count_all([], [sender.place(sender.line(1, cpv=""))]).classes
    assert of_class == "00000000"


def test_the_month_is_that_of_berlin(sender):
    [(_, _, month)] = count_all([], [sender.place(placed_at=NEW_YEAR)]).classes
    assert month == date(2026, 1, 1)


def test_a_call_off_is_demand_of_its_agreement_and_no_price_paid_freely(sender):
    agreement = new_id()
    count = count_all([], [sender.place(sender.line(1, **PAPER), agreement_id=agreement)])
    [supply_cell] = count.supply
    assert (supply_cell[-1], count.prices) == (agreement, {})


def test_an_order_in_two_classes_is_an_order_of_each(sender):
    placed = sender.place(sender.line(1), sender.line(2, **PAPER), sender.line(3, **PAPER))
    count = count_all([], [placed])
    assert {cell[0]: (gain.orders, gain.lines) for cell, gain in count.classes.items()} == {
        "30210000": (1, 1),
        "30190000": (1, 2),
    }


def test_lines_of_several_orders_add_up_in_one_cell(sender):
    member = new_id()
    orders = [sender.place(sender.line(1, net), member_id=member) for net in ("10.50", "0.25")]
    [gain] = count_all([], orders).classes.values()
    assert (gain.orders, gain.lines, gain.sums) == (2, 2, sums(ordered="10.75"))


def test_an_answer_parts_what_was_ordered(sender):
    lines = [sender.line(number, "100.00") for number in (1, 2, 3)]
    placed = sender.place(*lines)
    answered = sender.answer(
        placed,
        sender.answered_line(lines[0], "100.00"),
        sender.answered_line(lines[1], "70.00", reduced="10.00"),
        sender.answered_line(lines[2]),
    )
    [gain] = count_all([], [placed, answered]).classes.values()
    assert gain.sums == sums(ordered="300", accepted="170", refused="120", reduced="10")
    assert gain.sums.demand == Decimal(170)


def test_an_answer_of_a_later_batch_changes_sums_and_nothing_else(sender):
    placed = sender.place(sender.line(1, "100.00", **PAPER))
    first = count_all([], [placed])
    second = count_all(first.placed.values(), [sender.accept(placed)])
    assert (second.placed, second.prices) == ({}, {})
    assert [line.outcome for line in second.closed.values()] == ["accepted"]
    [gain] = second.groups.values()
    assert (gain.orders, gain.lines, gain.name, gain.order_unit) == (0, 0, "", None)
    assert gain.sums == sums(accepted="100")


def test_an_answer_belongs_to_the_month_the_order_was_placed_in(sender):
    placed = sender.place(placed_at=NEW_YEAR)
    first = count_all([], [placed])
    second = count_all(first.placed.values(), [sender.accept(placed)])
    assert set(second.classes) == set(first.classes)


def test_a_cancellation_takes_away_what_is_still_open(sender):
    lines = [sender.line(1, "100.00"), sender.line(2, "40.00")]
    placed = sender.place(*lines)
    answered = sender.answer(placed, sender.answered_line(lines[0], "100.00"))
    cancelled = sender.cancel(placed, Decimal("40.00"))
    [gain] = count_all([], [placed, answered, cancelled]).classes.values()
    assert gain.sums == sums(ordered="140", accepted="100", cancelled="40")


class TestContradictions:
    def test_an_order_is_placed_once_in_a_batch(self, sender):
        placed = sender.place()
        with pytest.raises(ValueError, match="placed twice"):
            count_all([], [placed, placed])

    def test_an_order_of_an_earlier_batch_is_not_placed_again(self, sender):
        placed = sender.place()
        known = count_all([], [placed]).placed.values()
        with pytest.raises(ValueError, match="placed twice"):
            count_all(known, [placed])

    def test_an_answer_does_not_come_before_its_order(self, sender):
        placed = sender.place()
        with pytest.raises(ValueError, match="not placed yet"):
            count_all([], [sender.accept(placed), placed])

    def test_a_cancellation_does_not_come_before_its_order(self, sender):
        placed = sender.place()
        with pytest.raises(ValueError, match="not placed yet"):
            count_all([], [sender.cancel(placed)])

    @pytest.mark.parametrize("again", ["accepted", "refused"])
    def test_a_line_is_answered_once_whatever_the_second_answer_says(self, sender, again: str):
        placed = sender.place()
        line = placed.lines[0]
        second = sender.answered_line(line, line.net_amount if again == "accepted" else "0")
        with pytest.raises(ValueError, match=f"is accepted already, now {again}"):
            count_all([], [placed, sender.accept(placed), sender.answer(placed, second)])

    def test_what_was_cancelled_is_not_answered(self, sender):
        placed = sender.place()
        with pytest.raises(ValueError, match="is cancelled already"):
            count_all([], [placed, sender.cancel(placed), sender.accept(placed)])

    @pytest.mark.parametrize("cents", ["99.99", "100.01"])
    def test_a_cancellation_names_the_open_sum_to_the_cent(self, sender, cents: str):
        placed = sender.place()
        with pytest.raises(ValueError, match="open and cancelled differ"):
            count_all([], [placed, sender.cancel(placed, Decimal(cents))])

    @pytest.mark.parametrize(
        ("accepted", "refused", "reduced"),
        [("100.01", "0", "0"), ("50", "49.99", "0"), ("50", "50", "0.01"), ("0", "0", "0")],
    )
    def test_an_answer_adds_up_to_the_cent(self, sender, accepted: str, refused: str, reduced: str):
        placed = sender.place()
        usual: AnsweredLine = sender.answered_line(placed.lines[0], "100.00")
        wrong = usual.model_copy(
            update={
                "accepted_net": Decimal(accepted),
                "refused_net": Decimal(refused),
                "reduced_net": Decimal(reduced),
            }
        )
        with pytest.raises(ValueError, match="does not add up"):
            count_all([], [placed, sender.answer(placed, wrong)])

    def test_a_refused_batch_leaves_the_lines_known_before_as_they_were(self, sender):
        placed = sender.place()
        known = list(count_all([], [placed]).placed.values())
        with pytest.raises(ValueError, match="already"):
            count_all(known, [sender.accept(placed), sender.accept(placed)])
        assert [line.outcome for line in known] == ["open"]


class TestUnits:
    def test_a_unit_that_stays_the_same_adds_its_quantities(self, sender):
        member = new_id()
        orders = [
            sender.place(sender.line(1, "10", quantity=many, **PAPER), member_id=member)
            for many in ("2", "0.5")
        ]
        [gain] = count_all([], orders).groups.values()
        assert (gain.order_unit, gain.quantity) == ("RM", Decimal("2.5"))

    def test_prices_of_two_units_are_two_prices(self, sender):
        seller = new_id()
        orders = [
            sender.place(sender.line(1, "10", **PAPER | {"unit": unit}), supplier_id=seller)
            for unit in ("RM", "XPK")
        ]
        assert sorted(cell[1] for cell in count_all([], orders).prices) == ["RM", "XPK"]

    def test_one_price_paid_twice_is_counted_with_its_quantity(self, sender):
        seller = new_id()
        orders = [
            sender.place(sender.line(1, "10", quantity="2", **PAPER), supplier_id=seller)
            for _ in range(3)
        ]
        [price] = count_all([], orders).prices.values()
        assert (price.lines, price.quantity) == (3, Decimal(6))

    def test_the_name_is_that_of_the_last_line(self, sender):
        member = new_id()
        orders = [
            sender.place(sender.line(1, **PAPER | {"name": name}), member_id=member)
            for name in ("Papier alt", "Papier neu")
        ]
        [gain] = count_all([], orders).groups.values()
        assert gain.name == "Papier neu"


def test_nothing_heard_gains_nothing():
    count = count_all([], [])
    assert (count.placed, count.closed, count.classes) == ({}, {}, {})


def test_lines_known_before_gain_nothing_by_themselves(sender):
    known = count_all([], [sender.place()]).placed.values()
    assert Count(known).classes == {}
