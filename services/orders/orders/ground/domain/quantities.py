"""Which quantities can be delivered: whole pieces, at least the minimum, in the article's steps."""

from dataclasses import dataclass
from decimal import Decimal
from math import lcm

from marktbund.german import decimal_words
from marktbund.money import net_amount
from marktbund.units import is_countable, quantity_words
from orders.ground.domain.reasons import Reason

_THOUSANDTHS = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a supplier delivers of an article, in its order unit. None: no such bound is known.

    interval: what is ordered is a multiple of it.
    """

    order_unit: str
    minimum: Decimal | None = None
    interval: Decimal | None = None

    def next_allowed(self, quantity: Decimal) -> Decimal:
        """The smallest quantity not below this one that can be delivered."""
        step = int((self.interval or Decimal(1) / _THOUSANDTHS) * _THOUSANDTHS)
        if is_countable(self.order_unit):
            step = lcm(step, _THOUSANDTHS)
        wanted = int(max(quantity, self.minimum or Decimal(0)) * _THOUSANDTHS)
        return Decimal(-(-wanted // step) * step) / _THOUSANDTHS

    def against(self, quantity: Decimal, field: str) -> Reason | None:
        """Why nobody delivers this quantity: `quantity_not_whole`, `quantity_below_minimum`,
        `quantity_off_interval`; None if it can be had. field: its JSON path.
        """
        fits = self.next_allowed(quantity)
        if fits == quantity:
            return None
        way_out = f"Die nächste mögliche Menge: {quantity_words(fits, self.order_unit)}."
        if self.minimum is not None and quantity < self.minimum:
            least = quantity_words(self.minimum, self.order_unit)
            detail = f"Mindestens {least}, gewünscht {decimal_words(quantity)}."
            title = "Die Mindestmenge ist nicht erreicht"
            return Reason("quantity_below_minimum", title, detail, way_out, field)
        if is_whole(quantity, self.order_unit) and self.interval is not None:
            step = quantity_words(self.interval, self.order_unit)
            detail = f"Lieferbar in Schritten von {step}, gewünscht {decimal_words(quantity)}."
            title = "Diese Menge liefert der Lieferant nicht"
            return Reason("quantity_off_interval", title, detail, way_out, field)
        return Reason(
            "quantity_not_whole",
            "Hier wird nur in ganzen Zahlen geliefert",
            f"{quantity_words(quantity, self.order_unit)} gibt es nicht.",
            way_out,
            field,
        )


def is_whole(quantity: Decimal, order_unit: str) -> bool:
    """Whether a quantity is one that its unit allows: nobody delivers half a piece."""
    return quantity == quantity.to_integral_value() or not is_countable(order_unit)


def against_amount(quantity: Decimal, unit_price_net: Decimal, field: str) -> Reason | None:
    """Why a line cannot be had at its price: `amount_zero`, priced but worth less than half a
    cent; None if it can. What costs nothing is ordered for nothing.
    """
    if unit_price_net == 0 or net_amount(quantity, unit_price_net) > 0:
        return None
    return Reason(
        "amount_zero",
        "Diese Menge ist weniger als einen halben Cent wert",
        "Die Position stünde mit 0,00 EUR in der Bestellung.",
        "Bitte bestellen Sie mehr.",
        field,
    )
