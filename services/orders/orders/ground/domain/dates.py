"""Which days can be: wanted and promised from the order on, quoted before it and not long ago."""

import calendar
from collections.abc import Sequence
from datetime import date

from marktbund.contracts.routes import KeptOffer
from marktbund.german import day_words
from orders.ground.domain.reasons import Reason

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
