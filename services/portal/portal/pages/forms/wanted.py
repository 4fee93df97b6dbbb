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
    def months(self) -> dict[str, str]:
        """The months as tender-planning is asked for them."""
        asked = {"from": self.first, "to": self.last}
        return {name: f"{month}-01" for name, month in asked.items() if month}


def read_wanted(typed: Mapping[str, str]) -> tuple[DemandQuestion, list[Problem]]:
    """What was asked for: `von`, `bis`, `teile`, `gruppe`; months that are none are told and left
    out.
    """
    problems, months = [], {}
    for field in ("von", "bis"):
        months[field] = _month(typed.get(field, ""))
        if typed.get(field) and not months[field]:
            problems.append(
                Problem(field, "Bitte geben Sie den Monat als 03/2026 oder 2026-03 an.")
            )
    if months["von"] and months["bis"] and months["bis"] < months["von"]:
        problems.append(Problem("bis", "Der letzte Monat liegt vor dem ersten."))
        months = {"von": "", "bis": ""}
    known: tuple[Parts, ...] = get_args(Parts)
    parts = next((each for each in known if each == typed.get("teile")), known[0])
    return DemandQuestion(months["von"], months["bis"], parts, typed.get("gruppe", "")), problems


def _month(typed: str) -> str:
    found = _MONTH.fullmatch(typed.strip())
    if found is None:
        return ""
    year, month = int(found[1] or found[4]), int(found[2] or found[3])
    return f"{year:04}-{month:02}" if year > 1900 and 1 <= month <= 12 else ""
