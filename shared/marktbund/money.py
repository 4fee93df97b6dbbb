"""Money and quantities: Decimal, EUR, net of VAT; the basis is part of every field's name."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

CURRENCY = "EUR"
CENT = Decimal("0.01")
MAX_QUANTITY = Decimal(9_999_999)


def _plain(value: Decimal) -> Decimal:
    # "1e3" is a number people may send; events and files carry it as 1000.
    return Decimal(format(value, "f"))


Quantity = Annotated[
    Decimal,
    Field(gt=0, le=MAX_QUANTITY, max_digits=10, decimal_places=3),
    AfterValidator(_plain),
]
"""An ordered quantity in the article's order unit: above 0, at most 9,999,999, 3 decimals."""

Price = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4), AfterValidator(_plain)]
"""A net price in EUR for one order unit. 0 is a price: samples and donations are ordered too."""

Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=2)]
"""A net amount in EUR, rounded to the cent."""


def net_amount(quantity: Decimal, unit_price_net: Decimal) -> Decimal:
    """Net EUR value of a line, rounded half up to the cent, per line and never on sums."""
    return (quantity * unit_price_net).quantize(CENT, rounding=ROUND_HALF_UP)
