"""German names of what is bought: CPV 2008 (Regulation (EC) No 213/2008), first four digits."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "cpv-classes.tsv"
_DIGITS = 4


@cache
def _names() -> Mapping[str, str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines)


def name(code: str) -> str:
    """The name of the class of a code of four or eight digits; anything else is its own name."""
    known = code.isdigit() and len(code) in {_DIGITS, 2 * _DIGITS}
    return _names().get(code[:_DIGITS], code) if known else code


def named(code: str) -> str:
    """The class's name with its four digits; the code itself where CPV knows no such class."""
    known = name(code)
    return code if known == code else f"{known} ({code[:_DIGITS]})"
