"""The draft of a specification: lots, order of positions, quantities of a year by hand."""

from decimal import Decimal

import pytest

from marktbund.money import MAX_QUANTITY
from tender_planning.domain.drafts import draft
from tender_planning.domain.evidence import CoreGroup


def group(
    name: str,
    cpv: str = "30197630",
    net: str = "100",
    unit: str | None = "C62",
    before: str | None = "100",
    lately: str | None = "140",
) -> CoreGroup:
    return CoreGroup(
        comparable_group=f"mfr:{name}",
        name=name,
        cpv=cpv,
        members=3,
        months=9,
        suppliers=2,
        lines=10,
        demand_net=Decimal(net),
        order_unit=unit,
        quantity_before=None if before is None else Decimal(before),
        quantity_lately=None if lately is None else Decimal(lately),
        prices=None,
    )


def quantities(wanted: CoreGroup, window: int = 24) -> tuple[Decimal | None, ...]:
    [lot] = draft([wanted], window)
    [position] = lot.positions
    return (position.quantity_low, position.quantity, position.quantity_high)


def decimals(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


@pytest.mark.parametrize(
    ("window", "expected"),
    [(24, ("100", "120", "140")), (12, ("200", "240", "280")), (18, ("133", "160", "187"))],
)
def test_halves_of_a_window_are_taken_to_a_year(window: int, expected: tuple[str, ...]):
    assert quantities(group("Papier"), window) == decimals(*expected)


def test_the_weaker_half_may_be_the_newer_one():
    assert quantities(group("Papier", before="90", lately="10")) == decimals("10", "50", "90")


@pytest.mark.parametrize(
    ("before", "lately", "expected"),
    [("1", "2", ("1", "2", "2")), ("2", "3", ("2", "3", "3")), ("0", "0.2", ("1", "1", "1"))],
)
def test_what_is_counted_is_rounded_to_whole_ones_and_never_to_none(
    before: str, lately: str, expected: tuple[str, ...]
):
    assert quantities(group("Papier", before=before, lately=lately)) == decimals(*expected)


@pytest.mark.parametrize(
    ("before", "lately", "expected"),
    [
        ("1.25", "2.5", ("1.250", "1.875", "2.500")),
        ("0.0001", "0.0002", ("0.001", "0.001", "0.001")),
    ],
)
def test_what_is_measured_keeps_three_decimals(before: str, lately: str, expected: tuple[str, ...]):
    assert quantities(group("Sand", unit="KGM", before=before, lately=lately)) == decimals(
        *expected
    )


def test_no_quantity_is_larger_than_a_message_carries():
    most = group("Papier", before=str(MAX_QUANTITY), lately=str(MAX_QUANTITY))
    assert quantities(most, 12) == (MAX_QUANTITY,) * 3


@pytest.mark.parametrize(("before", "lately"), [(None, "1"), ("1", None), (None, None)])
def test_mixed_units_have_no_quantity_and_no_unit(before: str | None, lately: str | None):
    mixed = group("Papier", before=before, lately=lately)
    assert quantities(mixed) == (None, None, None)
    [lot] = draft([mixed], 24)
    assert lot.positions[0].order_unit is None


def test_a_lot_is_a_category_and_lots_are_numbered_by_it():
    groups = [group("Toner", "30125110"), group("Papier"), group("Stifte", "30192121")]
    lots = draft(groups, 24)
    assert [(lot.lot_no, lot.title) for lot in lots] == [
        (1, "Los 1: CPV 30125"),
        (2, "Los 2: CPV 30192"),
        (3, "Los 3: CPV 30197"),
    ]


def test_articles_of_one_category_are_one_lot_the_dearest_first():
    groups = [group("b", net="50"), group("c", "30197631", net="90"), group("a", net="50")]
    [lot] = draft(groups, 24)
    assert [(p.position_no, p.description) for p in lot.positions] == [(1, "c"), (2, "a"), (3, "b")]


def test_positions_are_numbered_anew_in_every_lot():
    lots = draft([group("Papier"), group("Toner", "30125110")], 24)
    assert [position.position_no for lot in lots for position in lot.positions] == [1, 1]


def test_a_group_without_a_code_has_a_lot_that_says_so():
    [lot] = draft([group("Allerlei", "")], 24)
    assert lot.title == "Los 1: CPV ohne"


def test_no_core_has_no_lots():
    assert draft([], 24) == ()
