"""Which words of a supplier count. One that cannot be is disregarded, on file, never parked."""

from collections.abc import Mapping, Sequence
from datetime import date

from marktbund.contracts.supplier_gateway import ResponseLine
from orders.ground.domain.articles import is_whole
from orders.ordering.domain.supplier_orders import SupplierOrder, WhyDisregarded


def against_answer(
    share: SupplierOrder, words: Sequence[ResponseLine], units: Mapping[int, str]
) -> WhyDisregarded | None:
    """Why an answer does not count: a day promised before the order, part of a piece; None if it
    does. units: line number -> order unit.
    """
    if any(_too_early(word.promised_date, share.placed_on) for word in words):
        return "day_out_of_bounds"
    known = [word for word in words if word.line_no in units]
    if not all(is_whole(word.quantity, units[word.line_no]) for word in known):
        return "quantity_not_whole"
    return None


def against_despatch(share: SupplierOrder, on: date, today: date) -> WhyDisregarded | None:
    """Why a despatch does not count: before the order, or on a day still to come."""
    return "day_out_of_bounds" if on > today or _too_early(on, share.placed_on) else None


def needs_units(words: Sequence[ResponseLine]) -> bool:
    """Whether a quantity is such that its unit decides."""
    return any(word.quantity != word.quantity.to_integral_value() for word in words)


def _too_early(day: date | None, placed_on: date | None) -> bool:
    return day is not None and placed_on is not None and day < placed_on
