"""Articles as their replica knows them, and which quantities and days of them can be had."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import lcm
from uuid import UUID

from marktbund.contracts.routes import KeptOffer
from marktbund.german import day_words, decimal_words
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


MAX_NET = Decimal("9999999999999999.99")
"""Largest net EUR amount of a line or an order: what a message and a column can hold."""


@dataclass(frozen=True, slots=True)
class Article:
    """An offer as the replica knows it. Price: net EUR per order unit. minimum_quantity,
    quantity_interval: None where its price list names none.
    """

    article_id: UUID
    supplier_id: UUID
    article_number: str
    name: str
    cpv: str
    comparable_group: str
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    orderable: bool
    minimum_quantity: Decimal | None = None
    quantity_interval: Decimal | None = None

    @property
    def bounds(self) -> Bounds:
        """Which quantities of it can be had."""
        return Bounds(self.order_unit, self.minimum_quantity, self.quantity_interval)


QUOTE_MONTHS = 24
"""So many months a quote may be old: public bodies keep prices for two years at the longest."""


def against_wanted(wanted: date | None, today: date, path: str) -> Reason | None:
    """Why nothing can be wanted for a day: `day_in_the_past`; place: the line's JSON path."""
    if wanted is None or wanted >= today:
        return None
    return Reason(
        "day_in_the_past",
        "Der gewünschte Liefertag ist schon vorbei",
        f"Gewünscht ist der {day_words(wanted)}, bestellt wird am {day_words(today)}.",
        "Bitte wählen Sie einen späteren Tag oder lassen Sie ihn offen.",
        f"{path}.requested_delivery_date",
    )


def against_quoted(quoted_on: date | None, today: date, path: str) -> Reason | None:
    """Why a quote cannot be of that day: `quote_in_the_future`, `quote_too_old`."""
    oldest = months_before(today, QUOTE_MONTHS)
    if quoted_on is None or oldest <= quoted_on <= today:
        return None
    late = quoted_on > today
    return Reason(
        "quote_in_the_future" if late else "quote_too_old",
        "Dieses Angebot ist erst von morgen oder später" if late else "Dieses Angebot ist zu alt",
        f"Datum des Angebots: {day_words(quoted_on)}; "
        f"möglich ist der {day_words(oldest)} bis {day_words(today)}.",
        "Bitte prüfen Sie das Datum." if late else "Bitte holen Sie ein neues Angebot ein.",
        f"{path}.quoted_on",
    )


def require_quoted(offers: Sequence[KeptOffer], today: date, field: str) -> None:
    """Raises Invalid (`quote_in_the_future`, `quote_too_old`). field: where the offers stand."""
    for index, offer in enumerate(offers):
        if reason := against_quoted(offer.quoted_on, today, f"{field}[{index}]"):
            raise reason.invalid()


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last: a window is (this day, t]."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))
