"""Money and quantities: Decimal, EUR, net of VAT; the basis is part of every field's name."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

CURRENCY = "EUR"
CENT = Decimal("0.01")
MAX_QUANTITY = Decimal(9_999_999)


_T = TypeVar("_T")
_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _digits_only(value: _T) -> _T | str:
    # Decimal alone takes "1_000", "1e3" and Arabic-Indic digits for numbers.
    written = str(value) if isinstance(value, float) else value
    if isinstance(written, bool) or (isinstance(written, str) and not _DIGITS.fullmatch(written)):
        raise PydanticCustomError("decimal_parsing", "digits 0-9 and one point only")
    return written


def _plain(value: Decimal) -> Decimal:
    # Decimal("1E+3") from our own arithmetic: events and files carry it as 1000.
    return Decimal(format(value, "f"))


Digits = BeforeValidator(_digits_only)
"""A number from outside is written with the digits 0-9 and at most one point, nothing else."""

Quantity = Annotated[
    Decimal,
    Field(gt=0, le=MAX_QUANTITY, max_digits=10, decimal_places=3),
    AfterValidator(_plain),
    Digits,
]
"""An ordered quantity in the article's order unit: above 0, at most 9,999,999, 3 decimals."""

Price = Annotated[
    Decimal, Field(ge=0, max_digits=14, decimal_places=4), AfterValidator(_plain), Digits
]
"""A net price in EUR for one order unit. 0 is a price: samples and donations are ordered too."""

Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=2), Digits]
"""A net amount in EUR, rounded to the cent."""

PositiveAmount = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=2), Digits]
"""A net amount in EUR above 0: a limit, a ceiling."""

NetCosts = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2), Digits]
"""A net amount in EUR that is not below 0: costs, estimates, quoted totals."""

Rate = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2), Digits]
"""Percent, 0 to 100: a rate of VAT."""


def net_amount(quantity: Decimal, unit_price_net: Decimal) -> Decimal:
    """Net EUR value of a line, rounded half up to the cent, per line and never on sums."""
    return (quantity * unit_price_net).quantize(CENT, rounding=ROUND_HALF_UP)
