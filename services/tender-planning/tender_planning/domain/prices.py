"""What was paid for one unit: lowest, quartiles, highest, with sample and date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paid:
    """How many order lines had one price: net EUR per order unit, one supplier, one month."""

    order_unit: str
    unit_price_net: Decimal
    supplier_id: UUID
    month: date
    lines: int


@dataclass(frozen=True, slots=True)
class PriceSpread:
    """Net EUR per order unit over `lines` order lines of `suppliers` suppliers up to last_month.

    A quartile is the lowest price that at least that part of the lines did not exceed. Where
    several order units occur, the one with the most lines is told.
    """

    order_unit: str
    lowest: Decimal
    quartile_1: Decimal
    median: Decimal
    quartile_3: Decimal
    highest: Decimal
    lines: int
    suppliers: int
    last_month: date

    @property
    def relative(self) -> Decimal:
        """Width of the middle half of the prices in relation to the median; 0 for free goods."""
        return (self.quartile_3 - self.quartile_1) / self.median if self.median else Decimal(0)


def spread(paid: Iterable[Paid]) -> PriceSpread | None:
    """The spread of prices paid for one comparable group; None without any."""
    by_unit: dict[str, list[Paid]] = {}
    for price in paid:
        by_unit.setdefault(price.order_unit, []).append(price)
    if not by_unit:
        return None
    unit = max(
        sorted(by_unit), key=lambda unit_code: sum(price.lines for price in by_unit[unit_code])
    )
    prices = sorted(by_unit[unit], key=lambda price: price.unit_price_net)
    return PriceSpread(
        order_unit=unit,
        lowest=prices[0].unit_price_net,
        quartile_1=_quartile(prices, 1),
        median=_quartile(prices, 2),
        quartile_3=_quartile(prices, 3),
        highest=prices[-1].unit_price_net,
        lines=sum(price.lines for price in prices),
        suppliers=len({price.supplier_id for price in prices}),
        last_month=max(price.month for price in prices),
    )


def _quartile(prices: list[Paid], fourths: int) -> Decimal:
    reached = list(accumulate(price.lines for price in prices))
    rank = next(at for at, lines in enumerate(reached) if lines * 4 >= reached[-1] * fourths)
    return prices[rank].unit_price_net
