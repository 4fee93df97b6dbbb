"""Figures as people in Germany read them."""

from datetime import date
from decimal import Decimal

_SWAP = str.maketrans(",.", ".,")

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
    return f"{amount:,.2f} EUR".translate(_SWAP)


def percent(share: Decimal) -> str:
    """A share of 0 to 1, or a change: 0.925 -> `93 %`."""
    return f"{share * 100:.0f} %"


def number(value: Decimal) -> str:
    """A number with at most one decimal: 8.30 -> `8,3`, 4.02 -> `4`."""
    return f"{value:.1f}".removesuffix(".0").translate(_SWAP)


def counted(count: int, singular: str, plural: str) -> str:
    """`1 Mitglied`, `7 Mitglieder`."""
    return f"{count} {singular if count == 1 else plural}"


def month(first_day: date) -> str:
    """A month: `03/2026`."""
    return f"{first_day:%m/%Y}"
