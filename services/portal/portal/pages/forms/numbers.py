"""Numbers as people in Germany type them: read exactly or refused with the way out, never guessed.

In: text of a field. Out: a Decimal, or a German sentence that says what to write instead.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.domain.problems import Problem

_BLANKS = " \u00a0\u2009\u202f"
_PLAIN = re.compile(r"[0-9]+(,[0-9]*)?")
_BY_POINTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]*)?")
_BY_BLANKS = re.compile(rf"[1-9][0-9]{{0,2}}([{_BLANKS}][0-9]{{3}})+(,[0-9]*)?")
_ENGLISH = re.compile(r"[0-9]+\.[0-9]+")
_ONE_POINT = re.compile(r"([1-9][0-9]{0,2})\.([0-9]{3})")
_PLACES = ("keine", "eine Stelle", "zwei Stellen", "drei Stellen", "vier Stellen")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a field's number may be: its decimal places, its highest value, whether 0 counts."""

    places: int
    highest: Decimal
    missing: str = "Bitte geben Sie eine Zahl größer als 0 an."
    zero: bool = False


QUANTITY = Measure(3, Decimal(9_999_999), "Bitte geben Sie eine Menge größer als 0 an.")
"""An ordered quantity."""
AMOUNT = Measure(2, Decimal(999_999_999_999), "Bitte geben Sie einen Betrag größer als 0 an.")
"""A net amount in EUR."""
PRICE = Measure(4, Decimal(999_999_999), "Bitte geben Sie einen Preis größer als 0 an.")
"""A net price in EUR per unit."""
QUOTED_PRICE = Measure(
    4, Decimal(999_999_999), "Bitte geben Sie den Nettopreis an, etwa 450,00.", zero=True
)
"""A price on a quote: samples and gifts cost nothing."""
CEILING = Measure(2, Decimal(999_999_999_999), "Bitte geben Sie eine Menge größer als 0 an.")
"""A quantity over the whole term of an agreement; with two places at most, 1.440 is a thousand."""


def read_number(text: str, measure: Measure) -> Decimal | str:
    """The number, or the sentence that says what to write instead.

    Points and blanks part thousands, a comma begins the decimals. One point before three digits
    could mean either (1.000 is a thousand or one): it is refused where so many decimals may be.
    """
    typed = text.replace("€", "").strip()
    plain = _plain(typed, measure)
    if plain is None:
        return _why_not(typed, measure)
    _, _, decimals = plain.partition(".")
    if len(decimals) > measure.places:
        return f"Bitte höchstens {_PLACES[measure.places]} nach dem Komma."
    number = Decimal(plain)
    if number > measure.highest:
        return f"Das ist zu viel: höchstens {measure.highest:,f}.".replace(",", ".")
    return number if number > 0 or measure.zero else measure.missing


def _plain(typed: str, measure: Measure) -> str | None:
    """The number with digits and one point at most; None where it is none or could be two."""
    if _PLAIN.fullmatch(typed):
        return typed.replace(",", ".").rstrip(".")
    if _ONE_POINT.fullmatch(typed) and measure.places >= 3:
        return None
    if _BY_POINTS.fullmatch(typed) or _BY_BLANKS.fullmatch(typed):
        whole, _, decimals = typed.partition(",")
        digits = "".join(letter for letter in whole if letter in "0123456789")
        return f"{digits}.{decimals}".rstrip(".")
    return typed if _ENGLISH.fullmatch(typed) else None


def _why_not(typed: str, measure: Measure) -> str:
    both = _ONE_POINT.fullmatch(typed)
    if both:
        small = f"{both[1]},{both[2]}"
        return (
            f"„{typed}“ kann zweierlei heißen. Bitte schreiben Sie {both[1]}{both[2]} oder {small}."
        )
    if any(letter.isdigit() and not letter.isascii() for letter in typed):
        return "Bitte schreiben Sie Zahlen mit den Ziffern 0 bis 9."
    return measure.missing


def read_into(problems: list[Problem], field: str, text: str, measure: Measure) -> Decimal | None:
    """The number of a field; None and a problem more where it cannot be read."""
    number = read_number(text, measure)
    if isinstance(number, Decimal):
        return number
    problems.append(Problem(field, number))
    return None
