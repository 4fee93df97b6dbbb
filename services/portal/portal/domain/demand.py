"""Cells of demand summed up the three ways that the planning page shows. Amounts: net EUR."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.domain.figures import number

_MONTHS_SHOWN = 36
_CLASSES_SHOWN = 20
_HEAT_CLASSES, _HEAT_MEMBERS = 10, 16


@dataclass(frozen=True, slots=True)
class Share:
    """A class or month: its demand, its part of all, and the part of all down to it."""

    label: str
    value: Decimal
    part: Decimal
    running: Decimal


@dataclass(frozen=True, slots=True)
class Grid:
    """Member x class: labels, and demand row by row."""

    members: tuple[str, ...]
    classes: tuple[str, ...]
    values: tuple[tuple[Decimal, ...], ...]


def by_month(cells: Iterable[Mapping[str, Any]]) -> list[Share]:
    """Demand of the newest months, oldest first; months without demand count as zero."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for cell in cells:
        sums[cell["month"][:7]] += cell["demand"]
    if not sums:
        return []
    months = _months(min(sums), max(sums))[-_MONTHS_SHOWN:]
    return _shares([(month, sums.get(month, Decimal(0))) for month in months])


def by_class(cells: Iterable[Mapping[str, Any]]) -> list[Share]:
    """Demand by CPV class, largest first."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for cell in cells:
        sums[cell["cpv_class"]] += cell["demand"]
    ranked = sorted(sums.items(), key=lambda each: (-each[1], each[0]))
    return _shares(ranked)[:_CLASSES_SHOWN]


def by_member_and_class(cells: Sequence[Mapping[str, Any]]) -> Grid:
    """Where which member's demand lies: the strongest members and classes."""
    members: defaultdict[str, Decimal] = defaultdict(Decimal)
    classes: defaultdict[str, Decimal] = defaultdict(Decimal)
    both: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for cell in cells:
        members[cell["member"]] += cell["demand"]
        classes[cell["cpv_class"]] += cell["demand"]
        both[cell["member"], cell["cpv_class"]] += cell["demand"]
    rows = _largest(members, _HEAT_MEMBERS)
    columns = _largest(classes, _HEAT_CLASSES)
    values = tuple(tuple(both[row, column] for column in columns) for row in rows)
    return Grid(rows, columns, values)


def csv(header: Sequence[str], rows: Iterable[Sequence[str | Decimal]]) -> bytes:
    """A sheet as German spreadsheets open it: semicolon, decimal comma, byte order mark."""
    lines = [header, *([_cell(value) for value in row] for row in rows)]
    text = "".join(";".join(line) + "\r\n" for line in lines)
    return text.encode("utf-8-sig")


def _cell(value: str | Decimal) -> str:
    if isinstance(value, Decimal):
        return number(value, 2).replace(".", "")
    # A cell that a spreadsheet would take for a formula is made text.
    shown = f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
    return '"' + shown.replace('"', '""') + '"'


def _shares(ranked: Sequence[tuple[str, Decimal]]) -> list[Share]:
    total = sum((value for _, value in ranked), Decimal(0)) or Decimal(1)
    shares, running = [], Decimal(0)
    for label, value in ranked:
        running += value
        shares.append(Share(label, value, value / total * 100, running / total * 100))
    return shares


def _largest(sums: Mapping[str, Decimal], count: int) -> tuple[str, ...]:
    ranked = sorted(sums.items(), key=lambda each: (-each[1], each[0]))
    return tuple(label for label, _ in ranked[:count])


def _months(first: str, last: str) -> list[str]:
    year, month = map(int, first.split("-"))
    found = [first]
    while found[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(f"{year:04}-{month:02}")
    return found
