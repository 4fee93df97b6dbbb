"""The demand a proposal stands on: who wanted what, when and from whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from tender_planning.domain.prices import PriceSpread

ZERO, ONE = Decimal(0), Decimal(1)
WINDOW_MONTHS = 24
"""Two whole years, so that seasons fall into both halves alike."""
SHORTEST_WINDOW_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Months from `first` to `last`, both inclusive, each named by its first day."""

    first: date
    last: date

    @classmethod
    def until(cls, oldest: date, last: date) -> Self:
        """The window that ends with `last`, of WINDOW_MONTHS where demand goes back that far.

        oldest: the first month with any demand. Never shorter than a year, so that a single
        month is not "regular".
        """
        first = max(oldest, later(last, 1 - WINDOW_MONTHS))
        return cls(min(first, later(last, 1 - SHORTEST_WINDOW_MONTHS)), last)

    @property
    def months(self) -> int:
        """How many months."""
        years = self.last.year - self.first.year
        return 12 * years + self.last.month - self.first.month + 1

    @property
    def middle(self) -> date:
        """First month of the newer half."""
        return later(self.first, self.months // 2)


@dataclass(frozen=True, slots=True)
class DemandShare:
    """A member's or a supplier's part of the demand, net EUR."""

    id: UUID
    demand_net: Decimal


@dataclass(frozen=True, slots=True)
class MonthDemand:
    """One month's demand, net EUR."""

    month: date
    demand_net: Decimal


@dataclass(frozen=True, slots=True)
class CoreGroup:
    """A comparable group of the core. quantity_*: ordered in each half of the window, in
    order_unit; null where units were mixed.
    """

    comparable_group: str
    name: str
    cpv: str
    members: int
    months: int
    suppliers: int
    lines: int
    demand_net: Decimal
    order_unit: str | None
    quantity_before: Decimal | None
    quantity_lately: Decimal | None
    prices: PriceSpread | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The core's demand within the window. class_net: of the whole class, core or not."""

    cpv_class: str
    window: Window
    members: Sequence[DemandShare]
    suppliers: Sequence[DemandShare]
    months: Sequence[MonthDemand]
    groups: Sequence[CoreGroup]
    class_net: Decimal

    @property
    def demand_net(self) -> Decimal:
        """Net EUR of the core in the window."""
        return sum((month.demand_net for month in self.months), ZERO)

    @property
    def lines(self) -> int:
        """Order lines behind it."""
        return sum(group.lines for group in self.groups)


def effective(parts: Iterable[Decimal]) -> Decimal:
    """How many parts of equal size would be as concentrated: inverse Herfindahl index."""
    sizes = list(parts)
    squares = sum((size * size for size in sizes), ZERO)
    return sum(sizes, ZERO) ** 2 / squares if squares else ZERO


def later(month: date, by: int) -> date:
    """The month so many months later, or earlier where `by` is negative; its first day."""
    years, month_index = divmod(month.month - 1 + by, 12)
    return date(month.year + years, month_index + 1, 1)
