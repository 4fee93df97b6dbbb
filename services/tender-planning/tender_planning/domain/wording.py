"""Figures as people in Germany read them."""

from datetime import date
from decimal import Decimal

from marktbund.german import euro_words, month_words, number_words, percent_words

STANDS = {
    "proposed": "vorgeschlagen",
    "rejected": "abgelehnt",
    "faded": "ohne Bedarf",
    "accepted": "angenommen",
    "open": "offen",
    "changed": "geändert",
    "refused": "abgesagt",
    "cancelled": "storniert",
}
"""Codes of proposals and order lines as people read them."""


def euro(amount: Decimal) -> str:
    """A net amount: 18250.4 -> `18.250,40 EUR`."""
    return euro_words(amount)


def percent(share: Decimal) -> str:
    """A share of 0 to 1, or a change: 0.926 -> `93 %`."""
    return percent_words(share)


def number(value: Decimal) -> str:
    """A number with at most one decimal: 8.30 -> `8,3`, 4.02 -> `4`."""
    return number_words(value, 0, 1)


def counted(count: int, singular: str, plural: str) -> str:
    """`1 Mitglied`, `7 Mitglieder`."""
    return f"{count} {singular if count == 1 else plural}"


def month(first_day: date) -> str:
    """A month: `03/2026`."""
    return month_words(first_day)
