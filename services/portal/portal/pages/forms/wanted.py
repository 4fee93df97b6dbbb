"""What the planning page asks for: months, what the Pareto consists of, whose prices are shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from portal.domain.problems import Problem

Parts = Literal["classes", "articles", "members", "suppliers"]
_MONTH = re.compile(r"(?:(\d{4})-(\d{2})|(\d{1,2})/(\d{4}))")


@dataclass(frozen=True, slots=True)
class DemandQuestion:
    """Which months (`JJJJ-MM`, empty: all), of what the Pareto consists, whose prices are shown."""

    first: str = ""
    last: str = ""
    parts: Parts = "classes"
    group: str = ""

    @property
    def months(self) -> Mapping[str, str]:
        """The months as tender-planning is asked for them."""
        asked = {"from": self.first, "to": self.last}
        return {name: f"{month}-01" for name, month in asked.items() if month}


def read_wanted(typed: Mapping[str, str]) -> tuple[DemandQuestion, list[Problem]]:
    """What was asked for: `von`, `bis`, `teile`, `gruppe`; months that are none are told and left
    out.
    """
    first, last = (_month(typed.get(field, "")) for field in ("von", "bis"))
    problems = [
        Problem(field, "Bitte geben Sie den Monat als 03/2026 oder 2026-03 an.")
        for field, month in (("von", first), ("bis", last))
        if typed.get(field) and not month
    ]
    if first and last and last < first:
        problems.append(Problem("bis", "Der letzte Monat liegt vor dem ersten."))
        first = last = ""
    known: tuple[Parts, ...] = get_args(Parts)
    parts = next((part for part in known if part == typed.get("teile")), known[0])
    return DemandQuestion(first, last, parts, typed.get("gruppe", "")), problems


def _month(typed: str) -> str:
    read = _MONTH.fullmatch(typed.strip())
    if read is None:
        return ""
    year, month = int(read[1] or read[4]), int(read[2] or read[3])
    return f"{year:04}-{month:02}" if year > 1900 and 1 <= month <= 12 else ""
