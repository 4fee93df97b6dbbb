"""A purchase to replay, whatever data it comes from: one member's order with its lines.

Amounts are net of VAT, in the currency of the data, taken 1:1 as EUR.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """What one vendor sells at one price per order unit; the number is unique per vendor."""

    vendor: str
    article_number: str
    name: str
    cpv: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class DemoOrderLine:
    """A purchase line inside an order; `line_value` is what the data say it was worth."""

    line_id: int
    article: DemoArticle
    quantity: Decimal
    line_value: Decimal
    scheduled_delivery: date


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One order of a member in a month (YYYY-MM), sent off by `requester`, a token subject.

    apart: what tells orders of the same member and month from one another; empty where there is
    one only.
    """

    member: str
    month: str
    requester: str
    lines: tuple[DemoOrderLine, ...]
    apart: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """What every draw about this order hangs on."""
        return (self.member, self.month, *self.apart)

    @property
    def reference(self) -> str:
        """The member's own order number."""
        return " ".join(self.identity)

    @property
    def vendors(self) -> tuple[str, ...]:
        """The suppliers this order fans out to, by name."""
        return tuple(sorted({line.article.vendor for line in self.lines}))

    @property
    def value(self) -> Decimal:
        """Sum of the line values, EUR net."""
        return sum((line.line_value for line in self.lines), Decimal(0))

    @property
    def first_delivery(self) -> date:
        """Earliest scheduled delivery of the order."""
        return min(line.scheduled_delivery for line in self.lines)

    @property
    def last_delivery(self) -> date:
        """Latest scheduled delivery of the order."""
        return max(line.scheduled_delivery for line in self.lines)


def slug(name: str) -> str:
    """A name in lower-case ASCII with dashes, as keys and token subjects need it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
