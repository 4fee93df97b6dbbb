"""Sums with VAT as an invoice shows them: per rate, on the sum of its lines, never per line.

EN 16931 BR-CO-17: the VAT of a rate is its taxable amount times the rate, rounded to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from marktbund.money import CENT


@dataclass(frozen=True, slots=True)
class RateSum:
    """What falls under one rate. rate: per cent; net and vat: EUR."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, VAT per rate with the highest first, and gross, in EUR."""

    net: Decimal
    rates: tuple[RateSum, ...]

    @property
    def gross(self) -> Decimal:
        """Net and the VAT of every rate."""
        return self.net + sum((rate.vat for rate in self.rates), Decimal(0))


def sums_of(lines: Iterable[tuple[Decimal, Decimal]]) -> Sums:
    """Sums of lines, as net EUR and rate of VAT in per cent."""
    by_rate: dict[Decimal, Decimal] = {}
    for net, rate in lines:
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + net
    rates = tuple(
        RateSum(rate, net, (net * rate / 100).quantize(CENT, ROUND_HALF_UP))
        for rate, net in sorted(by_rate.items(), reverse=True)
    )
    return Sums(sum(by_rate.values(), Decimal(0)), rates)


class PricedLine(Protocol):
    """A line with its price. net_amount: EUR; vat_rate: per cent."""

    @property
    def net_amount(self) -> Decimal:
        """What the line costs, net EUR."""

    @property
    def vat_rate(self) -> Decimal:
        """Its rate of VAT in per cent."""


def sums_of_order(lines: Iterable[PricedLine]) -> Sums | None:
    """Sums of an order's lines; None for a draft, which has none yet."""
    priced = [(line.net_amount, line.vat_rate) for line in lines]
    return sums_of(priced) if priced else None
