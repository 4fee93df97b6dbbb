"""Calendar days from outside: one type, strings only, within the years this product deals with."""

import re
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from marktbund.german import day_words

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)
_T = TypeVar("_T")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day_only(value: _T) -> _T:
    # Pydantic alone takes 1767225600 and "1767225600" for days, counted in seconds.
    if isinstance(value, str):
        if _ISO.fullmatch(value):
            return value
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("date_parsing", "a day is written YYYY-MM-DD")


def _within(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    bounds = {"first": day_words(FIRST_DAY), "last": day_words(LAST_DAY)}
    raise PydanticCustomError("day_out_of_range", "between {first} and {last}", bounds)


Day = Annotated[date, AfterValidator(_within), BeforeValidator(_day_only)]
"""A calendar day in Europe/Berlin, sent as "YYYY-MM-DD", from 2000 to 2199. What a day means sets
narrower bounds in the domain: a wanted day not before the order, a despatch not in the future."""
