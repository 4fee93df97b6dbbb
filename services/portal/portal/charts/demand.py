"""What tender-planning says of the demand, ready to draw.

Amounts: net EUR. Months: of Europe/Berlin.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.words import cpv

_MONTHS_SHOWN = 240


@dataclass(frozen=True, slots=True)
class Month:
    """A month's demand: bought freely, and called off from framework agreements."""

    month: str
    free: Decimal
    called_off: Decimal

    @property
    def demand(self) -> Decimal:
        """Both together."""
        return self.free + self.called_off


def every_month(told: Sequence[Mapping[str, Any]]) -> list[Month]:
    """The newest months, oldest first; months without demand count as zero."""
    by_month = {each["month"]: each for each in told}
    if not by_month:
        return []
    months = _months(date.fromisoformat(min(by_month)), date.fromisoformat(max(by_month)))
    zero = {"free_net": "0", "called_off_net": "0"}
    return [
        Month(month, Decimal(each["free_net"]), Decimal(each["called_off_net"]))
        for month in months[-_MONTHS_SHOWN:]
        for each in (by_month.get(month, zero),)
    ]


def _months(first: date, last: date) -> list[str]:
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    places = (first.month - 1 + place for place in range(count))
    return [f"{first.year + place // 12:04}-{place % 12 + 1:02}-01" for place in places]


@dataclass(frozen=True, slots=True)
class DemandPart:
    """A part of the demand, its share of all, and the share of all down to it; 0 to 100."""

    key: str
    label: str
    value: Decimal
    part: Decimal
    running: Decimal


def shares(told: Iterable[Mapping[str, Any]]) -> list[DemandPart]:
    """The parts of the demand, largest first; one without a name is called by its key."""
    return [
        DemandPart(
            each["key"],
            each["name"] or cpv.named(each["key"]),
            Decimal(each["demand_net"]),
            100 * Decimal(each["share"]),
            100 * Decimal(each["running_share"]),
        )
        for each in told
    ]


@dataclass(frozen=True, slots=True)
class Grid:
    """Member x class: labels, and demand row by row."""

    members: tuple[str, ...]
    classes: tuple[str, ...]
    values: tuple[tuple[Decimal, ...], ...]


def grid(told: Mapping[str, Any]) -> Grid:
    """The heat map as rows; what is missing in it is zero."""
    cells = {(each["member_id"], each["cpv_class"]): each for each in told["cells"]}
    names = {each["member_id"]: each["member_name"] for each in told["cells"]}
    zero = {"demand_net": "0"}
    return Grid(
        tuple(names[member] or "Mitglied" for member in told["members"]),
        tuple(told["classes"]),
        tuple(
            tuple(Decimal(cells.get((member, of), zero)["demand_net"]) for of in told["classes"])
            for member in told["members"]
        ),
    )
