"""Which quantities of an article can be ordered: as its supplier takes them, in whole units."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from marktbund.contracts.words import UNIT
from marktbund.money import MAX_QUANTITY
from marktbund.units import is_countable
from portal.words.codes import word
from portal.words.figures import quantity

_OFFERED = 6
_WAYS = (ROUND_FLOOR, ROUND_CEILING)


class Offered(Protocol):
    """An article on sale, in its order unit (UN/ECE Rec 20)."""

    @property
    def order_unit(self) -> str:
        """The code of its order unit."""

    @property
    def minimum_quantity(self) -> Decimal:
        """As few as its supplier sells; 0 where any are."""

    @property
    def quantity_interval(self) -> Decimal | None:
        """What is ordered is a multiple of it; None: any quantity."""


def why_not(article: Offered, wanted: Decimal) -> str:
    """Why so many of an article cannot be ordered, and what can be; empty when they can."""
    least, step = _least(article), _step(article)
    if is_countable(article.order_unit) and wanted % 1:
        return f"{_unit(article)} gibt es nur ganz. Bitte geben Sie eine ganze Zahl an."
    if wanted < least:
        return f"Der Lieferant verkauft mindestens {quantity(least)}."
    if wanted > MAX_QUANTITY:
        return f"Das ist zu viel: höchstens {quantity(MAX_QUANTITY)}."
    if step and wanted % step:
        near = _near(article, wanted, step)
        either = f", also etwa {' oder '.join(near)}" if near else ""
        return f"Verkauft wird in Schritten von {quantity(step)}{either}."
    return ""


def _near(article: Offered, wanted: Decimal, step: Decimal) -> list[str]:
    """The steps around a quantity, as far as they can be ordered themselves."""
    below, above = ((wanted / step).to_integral_value(way) * step for way in _WAYS)
    return [quantity(near) for near in (below, above) if not why_not(article, near)]


def terms(article: Offered) -> str:
    """In one sentence from how many on and in which steps its supplier sells; empty without."""
    least, step = _least(article), _step(article)
    parts = []
    if least > 1 or (not whole(article) and least > 0):
        parts.append(f"mindestens {quantity(least)}")
    if step and not (whole(article) and step == 1):
        parts.append(f"in Schritten von {quantity(step)}")
    sentence = ", ".join(parts)
    return sentence[:1].upper() + sentence[1:]


def bounds(article: Offered) -> str:
    """In one sentence which quantities can be ordered; empty where any can."""
    return terms(article) or ("Nur ganze Einheiten" if whole(article) else "")


def hints(article: Offered, field: str) -> Mapping[str, str]:
    """Attributes of the field a quantity is typed in, by name; field: its id."""
    choices = {"list": f"{field}-stufen"} if offered(article) else {}
    return {"inputmode": "numeric" if whole(article) else "decimal", **choices}


def whole(article: Offered) -> bool:
    """Whether only whole numbers of it can be ordered."""
    return is_countable(article.order_unit)


def first(article: Offered) -> Decimal:
    """The smallest quantity that can be ordered; 1 where any can."""
    least, step = _least(article) or Decimal(1), _step(article)
    return (least / step).to_integral_value(ROUND_CEILING) * step if step else least


def offered(article: Offered) -> tuple[Decimal, ...]:
    """Quantities to choose from where it is sold in steps, the smallest first; else none."""
    step = _step(article)
    if step is None or (step == 1 and whole(article)):
        return ()
    steps = (first(article) + number * step for number in range(_OFFERED))
    return tuple(wanted for wanted in steps if not why_not(article, wanted))


def _unit(article: Offered) -> str:
    return word(UNIT, article.order_unit)


def _least(article: Offered) -> Decimal:
    return article.minimum_quantity


def _step(article: Offered) -> Decimal | None:
    return article.quantity_interval or None
