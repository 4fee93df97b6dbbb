"""Amounts, quantities, days and times as people in Germany write them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from marktbund.german import day_words, moment_words, month_words, number_words

Figure = Decimal | float | str | None
"""A number, also as services write it; None where there is none."""


def number(value: Figure, places: int = 0) -> str:
    """1.234,5 with so many places, rounded half even; empty for None."""
    if value is None:
        return ""
    return number_words(Decimal(str(value)), places, places)


def money(value: Figure) -> str:
    """An amount in EUR, net unless the page says otherwise: 1.234,56 €."""
    return "" if value is None else f"{number(value, 2)} €"


def price(value: Figure) -> str:
    """A price per unit: at least two places, further ones where the price has them."""
    return "" if value is None else f"{number_words(Decimal(str(value)), 2)} €"


def quantity(value: Figure) -> str:
    """A quantity without needless zeros: 12 or 2,5."""
    return "" if value is None else number_words(Decimal(str(value)))


def typed(value: Figure) -> str:
    """A number as it stands in a field: no points between thousands, which could be misread."""
    return quantity(value).replace(".", "")


def called(identity: UUID) -> str:
    """A short, stable number for what has none of its own, to be said and typed: B3F0-91AC. The
    end of the id, which is drawn at random; the whole id is evidence.
    """
    end = identity.hex[-8:].upper()
    return f"{end[:4]}-{end[4:]}"


def counted(count: int, singular: str, plural: str) -> str:
    """1 Position, 2 Positionen."""
    return f"{number(count)} {singular if count == 1 else plural}"


def day(value: date | str | None) -> str:
    """03.11.2026; empty for None."""
    if not value:
        return ""
    read = date.fromisoformat(value) if isinstance(value, str) else value
    return day_words(read)


def moment(value: datetime | str | None) -> str:
    """03.11.2026, 14:05 Uhr, in Berlin; empty for None."""
    if not value:
        return ""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment_words(read)


def month(value: date | str | None) -> str:
    """11/2026; empty for None."""
    if not value:
        return ""
    read = date.fromisoformat(value) if isinstance(value, str) else value
    return month_words(read)
