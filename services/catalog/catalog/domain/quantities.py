"""Which quantities of an article a supplier takes: a minimum, and steps above it."""

from dataclasses import dataclass
from decimal import Decimal

from marktbund.units import is_countable


@dataclass(frozen=True, slots=True)
class BoundFault:
    """Why a minimum or an interval cannot be kept; `sentence` is German, for people."""

    column: str
    code: str
    sentence: str


def bound_fault(order_unit: str, minimum: Decimal, interval: Decimal | None) -> BoundFault | None:
    """What is wrong with an article's bounds; None: they go together.

    In a unit that is counted both are whole numbers. The interval divides the minimum, so that
    "steps above the minimum" and "multiples of the interval" are the same quantities.
    """
    for column, bound in (("minimum_quantity", minimum), ("quantity_interval", interval)):
        if bound is not None and is_countable(order_unit) and bound % 1:
            sentence = f"Die Bestelleinheit {order_unit} wird gezählt: Hier steht eine ganze Zahl."
            return BoundFault(column, "quantity_not_whole", sentence)
    if interval is not None and minimum % interval:
        sentence = "Die Mindestmenge ist ein Vielfaches des Intervalls, etwa 10 bei Intervall 5."
        return BoundFault("quantity_interval", "interval_not_in_minimum", sentence)
    return None
