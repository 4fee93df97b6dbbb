"""A line of a supplier order as the supplier reads it, and the supplier's word on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Decision = Literal["accepted", "changed", "refused"]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line as the supplier reads it; unit_price_net in EUR net per order unit."""

    line_no: int
    article_number: str
    quantity: Decimal
    unit_price_net: Decimal
    requested: date


@dataclass(frozen=True, slots=True)
class Word:
    """The supplier's word on a line; quantity None means as ordered (nothing, where refused)."""

    line_no: int
    decision: Decision
    quantity: Decimal | None = None
    promised: date | None = None
