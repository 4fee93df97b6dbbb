"""Order lines as rows: one round trip each to load, add and close many."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.demand import DemandLine, DemandSums

_LOAD = text("""
    SELECT * FROM order_line WHERE supplier_order_id = ANY(CAST(:ids AS uuid[]))
     ORDER BY supplier_order_id, line_no
""")
_ADD = text("""
    INSERT INTO order_line
        (supplier_order_id, line_no, order_id, member_id, supplier_id, article_id, cpv,
         comparable_group, name, order_unit, quantity, unit_price_net, agreement_id, month,
         outcome, ordered_net, accepted_net, refused_net, cancelled_net, reduced_net)
    SELECT * FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:line_no AS int[]), CAST(:order_id AS uuid[]),
        CAST(:member_id AS uuid[]), CAST(:supplier_id AS uuid[]), CAST(:article_id AS uuid[]),
        CAST(:cpv AS text[]), CAST(:comparable_group AS text[]), CAST(:name AS text[]),
        CAST(:order_unit AS text[]), CAST(:quantity AS numeric[]),
        CAST(:unit_price_net AS numeric[]), CAST(:agreement_id AS uuid[]),
        CAST(:month AS date[]), CAST(:outcome AS text[]), CAST(:ordered AS numeric[]),
        CAST(:accepted AS numeric[]),
        CAST(:refused AS numeric[]), CAST(:cancelled AS numeric[]), CAST(:reduced AS numeric[]))
""")
_CLOSE = text("""
    UPDATE order_line AS line
       SET outcome = new.outcome, accepted_net = new.accepted, refused_net = new.refused,
           cancelled_net = new.cancelled, reduced_net = new.reduced
      FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:line_no AS int[]), CAST(:outcome AS text[]),
        CAST(:accepted AS numeric[]), CAST(:refused AS numeric[]), CAST(:cancelled AS numeric[]),
        CAST(:reduced AS numeric[]))
        AS new(supplier_order_id, line_no, outcome, accepted, refused, cancelled, reduced)
     WHERE line.supplier_order_id = new.supplier_order_id AND line.line_no = new.line_no
       AND line.outcome = 'open'
""")
_PLACED = (
    "supplier_order_id",
    "line_no",
    "order_id",
    "member_id",
    "supplier_id",
    "article_id",
    "cpv",
    "comparable_group",
    "name",
    "order_unit",
    "quantity",
    "unit_price_net",
    "agreement_id",
    "month",
    "outcome",
)
_CLOSED = ("supplier_order_id", "line_no", "outcome")
_OUTCOMES = ("accepted", "refused", "cancelled", "reduced")


async def load(uow: UnitOfWork, supplier_order_ids: Collection[UUID]) -> list[DemandLine]:
    """All known lines of these supplier orders.

    No row locks: a supplier order is one key, so whoever holds its partition's offset row is
    the only one to change its lines.
    """
    rows = await uow.connection.execute(_LOAD, {"ids": sorted(supplier_order_ids)})
    return [_line(row) for row in rows]


def _line(row: Row[Any]) -> DemandLine:
    sums = DemandSums(
        row.ordered_net, row.accepted_net, row.refused_net, row.cancelled_net, row.reduced_net
    )
    placed = {name: getattr(row, name) for name in _PLACED}
    return DemandLine(**placed, sums=sums)


async def add(uow: UnitOfWork, lines: Collection[DemandLine]) -> None:
    """Keep new lines."""
    if lines:
        columns = _columns(lines, _PLACED, ("ordered", *_OUTCOMES))
        await uow.connection.execute(_ADD, columns)


async def close(uow: UnitOfWork, lines: Collection[DemandLine]) -> None:
    """Keep the outcome of lines that were open. Raises ValueError when one no longer is."""
    if lines:
        columns = _columns(lines, _CLOSED, _OUTCOMES)
        if (await uow.connection.execute(_CLOSE, columns)).rowcount != len(lines):
            raise ValueError("a line to close is not open")


def _columns(
    lines: Collection[DemandLine], names: tuple[str, ...], amounts: tuple[str, ...]
) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [getattr(line, name) for line in lines] for name in names
    }
    return columns | {name: [getattr(line.sums, name) for line in lines] for name in amounts}
