"""The Common Procurement Vocabulary 2008 with its German labels."""

import re
from functools import cache
from types import MappingProxyType

from acceptance.dataset.datafiles import rows

CODE_COUNT = 9_454

_CODE = re.compile(r"[0-9]{8}")
_LEVELS = MappingProxyType(
    {2: "division", 3: "group", 4: "class", 5: "category", 6: "detail", 7: "detail", 8: "detail"}
)


@cache
def labels() -> MappingProxyType[str, str]:
    """Every CPV 2008 code (eight digits, no check digit) with its German label, in code order."""
    return MappingProxyType({row["code"]: row["label"] for row in rows("cpv-de.tsv")})


def level(code: str) -> str:
    """How far a code goes down: division, group, class, category or detail.

    The level is the number of digits before the trailing zeros, never fewer than two. Raises
    ValueError unless the code has eight digits.
    """
    return _LEVELS[len(_significant(code))]


def class_of(code: str) -> str:
    """The CPV class of a code: its first four digits, filled with zeros to eight.

    A division or group belongs to no class and comes back unchanged. The result is a valid key
    even where CPV 2008 left the class itself out (39250000, 60110000); `class_label` covers that.
    Raises ValueError unless the code has eight digits.
    """
    _significant(code)
    return code[:4] + "0000"


def parent(code: str) -> str | None:
    """The next higher code that exists in CPV 2008, or None for a division.

    Raises ValueError unless the code has eight digits.
    """
    digits = _significant(code)
    for length in range(len(digits) - 1, 1, -1):
        candidate = digits[:length].ljust(8, "0")
        if candidate in labels():
            return candidate
    return None


def class_label(code: str) -> str:
    """German label of a code's class; the nearest existing ancestor's where the class is missing.

    Raises KeyError for a code whose division does not exist, ValueError unless it has eight digits.
    """
    wanted = class_of(code)
    while wanted not in labels():
        above = parent(wanted)
        if above is None:
            raise KeyError(code)
        wanted = above
    return labels()[wanted]


def _significant(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a CPV code of eight digits: {code!r}")
    return code.rstrip("0").ljust(2, "0")
