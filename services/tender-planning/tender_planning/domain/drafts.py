"""The draft of a specification: lots, positions, and the quantities that were really ordered."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from marktbund.contracts.tender_planning import DraftLot, DraftPosition
from marktbund.money import MAX_QUANTITY
from marktbund.units import is_countable
from tender_planning.domain.evidence import CoreGroup

_CATEGORY_DIGITS = 5
_THOUSANDTH = Decimal("0.001")


def draft(groups: Iterable[CoreGroup], window: int) -> tuple[DraftLot, ...]:
    """One lot per CPV category (first five digits), its positions by value.

    Quantities are those of one year: the weaker, the mean and the stronger half of the window,
    each taken to twelve months; whole where the unit is counted.
    """
    ordered = sorted(groups, key=lambda group: group.cpv[:_CATEGORY_DIGITS])
    lots = groupby(ordered, key=lambda group: group.cpv[:_CATEGORY_DIGITS])
    return tuple(
        DraftLot(
            lot_no=number,
            title=f"Los {number}: CPV {category or 'ohne'}",
            positions=tuple(
                _position(position_no, group, window)
                for position_no, group in enumerate(
                    sorted(members, key=lambda group: (-group.demand_net, group.comparable_group)),
                    1,
                )
            ),
        )
        for number, (category, members) in enumerate(lots, 1)
    )


def _position(number: int, group: CoreGroup, window: int) -> DraftPosition:
    low, mean, high = (_quantity(yearly, group.order_unit) for yearly in _a_year(group, window))
    return DraftPosition(
        position_no=number,
        comparable_group=group.comparable_group,
        description=group.name,
        order_unit=group.order_unit if mean else None,
        quantity=mean,
        quantity_low=low,
        quantity_high=high,
    )


def _a_year(group: CoreGroup, window: int) -> tuple[Decimal | None, ...]:
    before, lately = group.quantity_before, group.quantity_lately
    if before is None or lately is None:
        return None, None, None
    # Half a window to a year: times 12 by half its months. A quantity is above zero.
    scale = Decimal(24) / window
    return (
        min(before, lately) * scale,
        (before + lately) * scale / 2,
        max(before, lately) * scale,
    )


def _quantity(value: Decimal | None, order_unit: str | None) -> Decimal | None:
    if value is None:
        return None
    least = _THOUSANDTH if order_unit and not is_countable(order_unit) else Decimal(1)
    return min(max(value.quantize(least, ROUND_HALF_UP), least), MAX_QUANTITY)
