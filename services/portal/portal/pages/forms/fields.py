"""Days and numbers of lines as browsers send them."""

import re
from collections.abc import Mapping
from datetime import date

from marktbund.days import FIRST_DAY, LAST_DAY

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: str) -> date | None:
    """A day as browsers send it (JJJJ-MM-TT), 2000 to 2199; None for what is none."""
    if not _ISO.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def line_numbers(typed: Mapping[str, str], prefix: str) -> list[int]:
    """The numbers of the lines that fields `<prefix><number>` are about; others are not ours."""
    ends = (name.removeprefix(prefix) for name in typed if name.startswith(prefix))
    return sorted(int(end) for end in ends if end.isascii() and end.isdecimal() and len(end) <= 4)
