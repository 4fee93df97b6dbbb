"""The demand cube: cells, totals, and the cells as a sheet."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.tender_planning import CellAnswer, TotalsAnswer
from marktbund.errors import TooLarge
from tender_planning.commands.demand import DemandFilter, ListDemand
from tender_planning.store.tables import demand_table, member_name_table

EXPORT_ROWS = 50_000
"""Most cells one sheet may have."""

_CELL = demand_table.c
_AMOUNTS = ("ordered_net", "accepted_net", "refused_net", "cancelled_net", "reduced_net")


def month_of(day: date) -> date:
    """The first day of a day's month, which names the month in every cell."""
    return day.replace(day=1)


def _chosen(question: DemandFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if question.cpv_class is not None:
        conditions.append(_CELL.cpv_class == question.cpv_class)
    if question.member_id is not None:
        conditions.append(_CELL.member_id == question.member_id)
    if question.first is not None:
        conditions.append(_CELL.month >= month_of(question.first))
    if question.last is not None:
        conditions.append(_CELL.month <= month_of(question.last))
    return conditions


_KEPT = _CELL.ordered_net - _CELL.refused_net - _CELL.cancelled_net - _CELL.reduced_net
_CELLS = (
    select(
        demand_table,
        func.coalesce(member_name_table.c.name, "").label("member_name"),
        _KEPT.label("demand_net"),
        (_KEPT - _CELL.accepted_net).label("open_net"),
    )
    .outerjoin(member_name_table, member_name_table.c.member_id == _CELL.member_id)
    .order_by(_CELL.cpv_class, _CELL.member_id, _CELL.month)
)


def _answer(row: RowMapping) -> CellAnswer:
    cell = f"{row['cpv_class']}:{row['member_id']}:{row['month']:%Y-%m}"
    return CellAnswer.model_validate({**row, "cell": cell})


async def cells(connection: AsyncConnection, question: ListDemand) -> list[CellAnswer]:
    """A page of cells by class, member and month."""
    query = _CELLS.where(*_chosen(question)).limit(question.limit)
    if question.after is not None:
        cpv_class, member_id, month = question.after.split(":")
        last = tuple_(cpv_class, UUID(member_id), date.fromisoformat(f"{month}-01"))
        query = query.where(tuple_(_CELL.cpv_class, _CELL.member_id, _CELL.month) > last)
    return [_answer(row) for row in (await connection.execute(query)).mappings()]


async def totals(connection: AsyncConnection, question: DemandFilter) -> TotalsAnswer:
    """The sums over all chosen cells."""
    sums = {name: func.coalesce(func.sum(_CELL[name]), Decimal("0.00")) for name in _AMOUNTS}
    query = select(
        func.coalesce(func.sum(_CELL.lines), 0).label("lines"),
        *(amount.label(name) for name, amount in sums.items()),
    ).where(*_chosen(question))
    row = (await connection.execute(query)).one()
    demand = row.ordered_net - row.refused_net - row.cancelled_net - row.reduced_net
    figures = {**row._mapping, "demand_net": demand}  # noqa: SLF001 - SQLAlchemy's public name
    return TotalsAnswer.model_validate(figures | {"open_net": demand - row.accepted_net})


async def sheet_cells(connection: AsyncConnection, question: DemandFilter) -> list[CellAnswer]:
    """All chosen cells. Raises TooLarge (`export_too_large`) above EXPORT_ROWS."""
    query = _CELLS.where(*_chosen(question)).limit(EXPORT_ROWS + 1)
    rows = (await connection.execute(query)).mappings().all()
    if len(rows) > EXPORT_ROWS:
        raise too_large("Bitte nach Klasse, Mitglied oder Monaten eingrenzen.")
    return [_answer(row) for row in rows]


def too_large(way_out: str) -> TooLarge:
    """The refusal of a sheet with more than EXPORT_ROWS rows."""
    return TooLarge("export_too_large", f"Mehr als {EXPORT_ROWS} Zeilen", way_out=way_out)
