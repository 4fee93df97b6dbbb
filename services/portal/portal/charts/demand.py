"""What tender-planning says of the demand, ready to draw.

Amounts: net EUR. Months: of Europe/Berlin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marktbund.contracts.http.tender_planning import HeatMapAnswer, MonthAnswer, ParetoAnswer
from portal.words import cpv

_MONTHS_SHOWN = 240


@dataclass(frozen=True, slots=True)
class Month:
    """A month's demand: bought freely, and called off from framework agreements."""

    month: date
    free: Decimal
    called_off: Decimal

    @property
    def demand(self) -> Decimal:
        """Both together."""
        return self.free + self.called_off


def every_month(known: Sequence[MonthAnswer]) -> list[Month]:
    """The newest months, oldest first; months without demand count as zero."""
    by_month = {
        answer.month: Month(answer.month, answer.free_net, answer.called_off_net)
        for answer in known
    }
    if not by_month:
        return []
    months = _months(min(by_month), max(by_month))[-_MONTHS_SHOWN:]
    return [by_month.get(month) or Month(month, Decimal(0), Decimal(0)) for month in months]


def _months(first: date, last: date) -> list[date]:
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    numbers = (first.month - 1 + number for number in range(count))
    return [date(first.year + number // 12, number % 12 + 1, 1) for number in numbers]


@dataclass(frozen=True, slots=True)
class DemandPart:
    """A part of the demand, its share of all, and the share of all down to it; 0 to 100."""

    key: str
    label: str
    value: Decimal
    part: Decimal
    running: Decimal


def shares(parts: Iterable[ParetoAnswer]) -> list[DemandPart]:
    """The parts of the demand, largest first; a part without a name is called by its key."""
    return [
        DemandPart(
            part.key,
            part.name or cpv.named(part.key),
            part.demand_net,
            100 * part.share,
            100 * part.running_share,
        )
        for part in parts
    ]


@dataclass(frozen=True, slots=True)
class Grid:
    """Member x class: labels, and demand row by row."""

    members: tuple[str, ...]
    classes: tuple[str, ...]
    values: tuple[tuple[Decimal, ...], ...]


def grid(heat: HeatMapAnswer) -> Grid:
    """The heat map as rows; what is missing in it is zero."""
    cells = {(cell.member_id, cell.cpv_class): cell.demand_net for cell in heat.cells}
    names = {cell.member_id: cell.member_name for cell in heat.cells}
    return Grid(
        tuple(names.get(member) or "Mitglied" for member in heat.members),
        tuple(heat.classes),
        tuple(
            tuple(cells.get((member, of), Decimal(0)) for of in heat.classes)
            for member in heat.members
        ),
    )
