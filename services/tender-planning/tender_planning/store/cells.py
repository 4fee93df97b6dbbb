"""Cells of the demand as rows: what a batch gains is added in two round trips per table.

First the cells that are new are made, empty, then all are locked and added to, both in key
order. Made first, because a row that only takes away would not pass the cell's own checks as the
proposed row of an upsert. Consumers of other partitions meet in the same cells; they cannot
deadlock: new cells are waited for in key order and before anything is locked, locks are taken in
key order, and each table is done with before the next is begun, always in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.counting import Count

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

    def make(self) -> TextClause:
        """New cells, empty."""
        names = [*self.key, *self.begin]
        values = [*self.key, *self.begin.values()]
        return text(f"""
            INSERT INTO {self.table} ({", ".join(names)})
            SELECT {", ".join(values)} FROM {self._unnested()} ON CONFLICT DO NOTHING
        """)

    def grow(self) -> TextClause:
        """All gains added, cells locked in key order."""
        key = ", ".join(self.key)
        return text(f"""
            WITH gain AS MATERIALIZED (SELECT * FROM {self._unnested()}),
            held AS MATERIALIZED (
                SELECT gain.* FROM gain JOIN {self.table} AS cell USING ({key})
                 ORDER BY {key} FOR UPDATE OF cell
            )
            UPDATE {self.table} AS cell SET {self.add} FROM held AS gain
             WHERE {" AND ".join(f"cell.{name} = gain.{name}" for name in self.key)}
        """)

    def _unnested(self) -> str:
        columns = {**self.key, **self.gain}
        arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns.items())
        return f"unnest({arrays}) AS gain({', '.join(columns)})"


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
_STATEMENTS = {
    cells.table: (cells, cells.make(), cells.grow())
    for cells in (_DEMAND, _GROUPS, _SUPPLY, _PRICES)
}


async def add(uow: UnitOfWork, count: Count) -> None:
    """Add what a batch counted to all cells."""
    await _add(uow, "demand", count.classes)
    await _add(uow, "group_demand", count.groups)
    await _add(uow, "group_supply", count.supply)
    await _add(uow, "group_price", count.prices)


async def _add(uow: UnitOfWork, table: str, gains: Mapping[Any, Any]) -> None:
    cells, make, grow = _STATEMENTS[table]
    ordered = sorted(gains.items(), key=lambda item: item[0])
    placed = [(cell, gain) for cell, gain in ordered if gain.lines]
    if placed:
        await uow.connection.execute(make, _columns(cells, placed))
    if not ordered:
        return
    grown = await uow.connection.execute(grow, _columns(cells, ordered))
    if grown.rowcount != len(ordered):
        raise ValueError("a cell that was to change is not there")


def _columns(cells: _Cells, gains: Sequence[tuple[Any, Any]]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [cell[position] for cell, _ in gains] for position, name in enumerate(cells.key)
    }
    for name in cells.gain:
        places = [gain.sums if name in _SUMS else gain for _, gain in gains]
        columns[name] = [getattr(source, name) for source in places]
    return columns
