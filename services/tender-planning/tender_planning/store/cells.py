"""Cells of the demand as rows: what a batch gains is added in two round trips.

First the cells that are new are made, empty, then all are locked and added to, both in key
order. Made first, because a row that only takes away would not pass the cell's own checks as the
proposed row of an upsert. Consumers of other partitions meet in the same cells; they cannot
deadlock: new cells are waited for in key order and before anything is locked, locks are taken in
key order, and each table is done with before the next is begun, always in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from marktbund import statements
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.counting import Count
from tender_planning.domain.demand import (
    ClassCell,
    Gain,
    GroupCell,
    GroupGain,
    MeasuredGain,
    PriceCell,
    PriceGain,
    SupplyCell,
)

Gains = Mapping[str, Sequence[str | int | Decimal | UUID | date | None]]
"""Column -> a value of each gain."""
Cell = TypeVar("Cell", ClassCell, SupplyCell, PriceCell)
Gained = TypeVar("Gained", bound=Gain | PriceGain)

_SUMS = ("ordered", "accepted", "refused", "cancelled", "reduced")
_MEASURE = {"order_unit": "text", "quantity": "numeric"}
_COUNTED = {"orders": "bigint", "lines": "bigint", **dict.fromkeys(_SUMS, "numeric")}
_PLUS_COUNTED = ", ".join(
    ["orders = cell.orders + gain.orders", "lines = cell.lines + gain.lines"]
    + [f"{name}_net = cell.{name}_net + gain.{name}" for name in _SUMS]
)
# Outcomes alone (lines = 0) say nothing about name, unit and quantity.
_PLUS_MEASURE = """
    order_unit = CASE WHEN gain.lines = 0 OR cell.order_unit = gain.order_unit
                      THEN cell.order_unit END,
    quantity = CASE WHEN gain.lines = 0 THEN cell.quantity
                    WHEN cell.order_unit = gain.order_unit THEN cell.quantity + gain.quantity END
"""
_PLUS_NAMES = """
    name = CASE WHEN gain.lines = 0 THEN cell.name ELSE gain.name END,
    cpv = CASE WHEN gain.lines = 0 THEN cell.cpv ELSE gain.cpv END
"""


@dataclass(frozen=True, slots=True)
class _Cells:
    """One table of cells: its key, what a gain carries, what a new row takes of it, how it adds."""

    table: str
    key: Mapping[str, str]
    gain: Mapping[str, str]
    begin: Mapping[str, str]
    add: str

    def making(self, gains: Gains) -> Clause:
        """The write of new cells, empty; waits for those that others are making."""
        names = [*self.key, *self.begin]
        values = [*self.key, *self.begin.values()]
        statement = f"""
            INSERT INTO {self.table} ({", ".join(names)})
            SELECT {", ".join(values)} FROM {self._unnested()} WHERE {{first}}
            ON CONFLICT DO NOTHING RETURNING 1
        """
        return Clause(f"made_{self.table}", statement, self._named(gains))

    def growing(self, gains: Gains) -> Clause:
        """The write that adds all gains, cells locked in key order; shows how many there were."""
        key = ", ".join(self.key)
        statement = f"""
            WITH gain AS MATERIALIZED (SELECT * FROM {self._unnested()}),
            held AS MATERIALIZED (
                SELECT gain.* FROM gain JOIN {self.table} AS cell USING ({key})
                 WHERE {{first}} ORDER BY {key} FOR UPDATE OF cell
            )
            UPDATE {self.table} AS cell SET {self.add} FROM held AS gain
             WHERE {" AND ".join(f"cell.{name} = gain.{name}" for name in self.key)}
            RETURNING 1
        """
        name = f"grown_{self.table}"
        shown = f"(SELECT count(*) FROM {name})"
        return Clause(name, statement, self._named(gains), shown)

    def _unnested(self) -> str:
        columns = {**self.key, **self.gain}
        arrays = ", ".join(
            f"CAST(:{self.table}_{name} AS {kind}[])" for name, kind in columns.items()
        )
        return f"unnest({arrays}) AS gain({', '.join(columns)})"

    def _named(self, gains: Gains) -> Gains:
        return {f"{self.table}_{name}": values for name, values in gains.items()}


_MEMBER_MONTH = {"member_id": "uuid", "month": "date"}
_EMPTY_MEASURE = {
    "order_unit": "order_unit",
    "quantity": "CASE WHEN order_unit IS NOT NULL THEN 0 END",
}
_DEMAND = _Cells("demand", {"cpv_class": "text", **_MEMBER_MONTH}, _COUNTED, {}, _PLUS_COUNTED)
_GROUPS = _Cells(
    "group_demand",
    {"comparable_group": "text", **_MEMBER_MONTH},
    {**_COUNTED, **_MEASURE, "name": "text", "cpv": "text"},
    {"name": "name", "cpv": "cpv", **_EMPTY_MEASURE},
    f"{_PLUS_COUNTED}, {_PLUS_MEASURE}, {_PLUS_NAMES}",
)
_SUPPLY = _Cells(
    "group_supply",
    {
        "comparable_group": "text",
        "cpv_class": "text",
        **_MEMBER_MONTH,
        "supplier_id": "uuid",
        "agreement_id": "uuid",
    },
    {**_COUNTED, **_MEASURE},
    _EMPTY_MEASURE,
    f"{_PLUS_COUNTED}, {_PLUS_MEASURE}",
)
_PRICES = _Cells(
    "group_price",
    {
        "comparable_group": "text",
        "order_unit": "text",
        "unit_price_net": "numeric",
        "supplier_id": "uuid",
        "month": "date",
    },
    {"lines": "bigint", "quantity": "numeric"},
    {},
    "lines = cell.lines + gain.lines, quantity = cell.quantity + gain.quantity",
)
_TABLES = (_DEMAND, _GROUPS, _SUPPLY, _PRICES)
_MADE = tuple(f"made_{cells.table}" for cells in _TABLES)
_GROWN = tuple(f"grown_{cells.table}" for cells in _TABLES)


async def add(uow: UnitOfWork, count: Count) -> None:
    """Add what a batch counted to all cells. Raises ValueError for a cell that is not there."""
    placed, changed = _gains(count, placed=True), _gains(count, placed=False)
    made = [cells.making(placed[cells.table]) for cells in _TABLES if placed[cells.table]]
    await statements.hold(uow.connection, _MADE, *made)
    grown = [cells.growing(changed[cells.table]) for cells in _TABLES if changed[cells.table]]
    shown = await statements.hold(uow.connection, _GROWN, *grown)
    for part in grown:
        keys = next(iter(part.values.values()))
        if getattr(shown, part.name) != len(keys):
            raise ValueError("a cell that was to change is not there")


def _gains(count: Count, *, placed: bool) -> Mapping[str, Gains]:
    """Table -> columns of its gains in key order; placed: those with a new line only."""
    return {
        "demand": _of_classes(_chosen(count.classes, placed)),
        "group_demand": _of_groups(_chosen(count.groups, placed)),
        "group_supply": _of_supply(_chosen(count.supply, placed)),
        "group_price": _of_prices(_chosen(count.prices, placed)),
    }


def _chosen(gains: Mapping[Cell, Gained], placed: bool) -> Sequence[tuple[Cell, Gained]]:
    chosen = ((cell, gain) for cell, gain in gains.items() if gain.lines or not placed)
    return sorted(chosen, key=lambda item: item[0])


def _of_classes(gains: Sequence[tuple[ClassCell, Gain]]) -> Gains:
    if not gains:
        return {}
    return {
        "cpv_class": [cpv_class for (cpv_class, _, _), _ in gains],
        "member_id": [member_id for (_, member_id, _), _ in gains],
        "month": [month for (_, _, month), _ in gains],
        **_counted([gain for _, gain in gains]),
    }


def _of_groups(gains: Sequence[tuple[GroupCell, GroupGain]]) -> Gains:
    if not gains:
        return {}
    return {
        "comparable_group": [group for (group, _, _), _ in gains],
        "member_id": [member_id for (_, member_id, _), _ in gains],
        "month": [month for (_, _, month), _ in gains],
        **_measured([gain for _, gain in gains]),
        "name": [gain.name for _, gain in gains],
        "cpv": [gain.cpv for _, gain in gains],
    }


def _of_supply(gains: Sequence[tuple[SupplyCell, MeasuredGain]]) -> Gains:
    if not gains:
        return {}
    return {
        "comparable_group": [group for (group, *_), _ in gains],
        "cpv_class": [cell[1] for cell, _ in gains],
        "member_id": [cell[2] for cell, _ in gains],
        "month": [cell[3] for cell, _ in gains],
        "supplier_id": [cell[4] for cell, _ in gains],
        "agreement_id": [cell[5] for cell, _ in gains],
        **_measured([gain for _, gain in gains]),
    }


def _of_prices(gains: Sequence[tuple[PriceCell, PriceGain]]) -> Gains:
    if not gains:
        return {}
    return {
        "comparable_group": [cell[0] for cell, _ in gains],
        "order_unit": [cell[1] for cell, _ in gains],
        "unit_price_net": [cell[2] for cell, _ in gains],
        "supplier_id": [cell[3] for cell, _ in gains],
        "month": [cell[4] for cell, _ in gains],
        "lines": [gain.lines for _, gain in gains],
        "quantity": [gain.quantity for _, gain in gains],
    }


def _measured(gains: Sequence[MeasuredGain]) -> Gains:
    return {
        **_counted(gains),
        "order_unit": [gain.order_unit for gain in gains],
        "quantity": [gain.quantity for gain in gains],
    }


def _counted(gains: Sequence[Gain]) -> Gains:
    return {
        "orders": [gain.orders for gain in gains],
        "lines": [gain.lines for gain in gains],
        "ordered": [gain.sums.ordered for gain in gains],
        "accepted": [gain.sums.accepted for gain in gains],
        "refused": [gain.sums.refused for gain in gains],
        "cancelled": [gain.sums.cancelled for gain in gains],
        "reduced": [gain.sums.reduced for gain in gains],
    }
