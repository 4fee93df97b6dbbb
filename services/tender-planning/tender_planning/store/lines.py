"""Order lines as rows: one round trip to load many, one to add and close them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import RowMapping, text

from marktbund import statements
from marktbund.statements import Clause, inserting
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.demand import DemandLine, DemandSums
from tender_planning.store.tables import order_line_table

_LOAD = text("""
    SELECT * FROM order_line WHERE supplier_order_id = ANY(CAST(:ids AS uuid[]))
     ORDER BY supplier_order_id, line_no
""")
_CLOSE = """
    UPDATE order_line AS line
       SET outcome = new.outcome, accepted_net = new.accepted, refused_net = new.refused,
           cancelled_net = new.cancelled, reduced_net = new.reduced
      FROM unnest(
        CAST(:closed_order_ids AS uuid[]), CAST(:closed_line_nos AS int[]),
        CAST(:closed_outcomes AS text[]), CAST(:closed_accepted AS numeric[]),
        CAST(:closed_refused AS numeric[]), CAST(:closed_cancelled AS numeric[]),
        CAST(:closed_reduced AS numeric[]))
        AS new(supplier_order_id, line_no, outcome, accepted, refused, cancelled, reduced)
     WHERE line.supplier_order_id = new.supplier_order_id AND line.line_no = new.line_no
       AND line.outcome = 'open'
    RETURNING 1
"""


async def load(uow: UnitOfWork, supplier_order_ids: Collection[UUID]) -> list[DemandLine]:
    """All known lines of these supplier orders.

    No row locks: a supplier order is one key, so whoever holds its partition's offset row is
    the only one to change its lines.
    """
    rows = await uow.connection.execute(_LOAD, {"ids": sorted(supplier_order_ids)})
    return [_line(row) for row in rows.mappings()]


async def keep(
    uow: UnitOfWork, placed: Collection[DemandLine], closed: Collection[DemandLine]
) -> None:
    """Keep new lines, and the outcome of lines that were open.

    Raises ValueError when a line to close no longer is.
    """
    parts = (*_adding(placed), *_closing(closed))
    if not parts:
        return
    written = await statements.write(uow.connection, *parts)
    if closed and written.closed_lines != len(closed):
        raise ValueError("a line to close is not open")


def _adding(lines: Collection[DemandLine]) -> tuple[Clause, ...]:
    rows = [
        {
            "supplier_order_id": line.supplier_order_id,
            "line_no": line.line_no,
            "order_id": line.order_id,
            "member_id": line.member_id,
            "supplier_id": line.supplier_id,
            "article_id": line.article_id,
            "cpv": line.cpv,
            "comparable_group": line.comparable_group,
            "name": line.name,
            "order_unit": line.order_unit,
            "quantity": line.quantity,
            "unit_price_net": line.unit_price_net,
            "agreement_id": line.agreement_id,
            "month": line.month,
            "outcome": line.outcome,
            "ordered_net": line.sums.ordered,
            "accepted_net": line.sums.accepted,
            "refused_net": line.sums.refused,
            "cancelled_net": line.sums.cancelled,
            "reduced_net": line.sums.reduced,
        }
        for line in lines
    ]
    return inserting(order_line_table, rows)


def _closing(lines: Collection[DemandLine]) -> tuple[Clause, ...]:
    if not lines:
        return ()
    values = {
        "closed_order_ids": [line.supplier_order_id for line in lines],
        "closed_line_nos": [line.line_no for line in lines],
        "closed_outcomes": [line.outcome for line in lines],
        "closed_accepted": [line.sums.accepted for line in lines],
        "closed_refused": [line.sums.refused for line in lines],
        "closed_cancelled": [line.sums.cancelled for line in lines],
        "closed_reduced": [line.sums.reduced for line in lines],
    }
    return (Clause("closed_lines", _CLOSE, values, "(SELECT count(*) FROM closed_lines)"),)


def _line(row: RowMapping) -> DemandLine:
    return DemandLine(
        supplier_order_id=row["supplier_order_id"],
        line_no=row["line_no"],
        order_id=row["order_id"],
        member_id=row["member_id"],
        supplier_id=row["supplier_id"],
        article_id=row["article_id"],
        cpv=row["cpv"],
        comparable_group=row["comparable_group"],
        name=row["name"],
        order_unit=row["order_unit"],
        quantity=row["quantity"],
        unit_price_net=row["unit_price_net"],
        agreement_id=row["agreement_id"],
        month=row["month"],
        outcome=row["outcome"],
        sums=DemandSums(
            ordered=row["ordered_net"],
            accepted=row["accepted_net"],
            refused=row["refused_net"],
            cancelled=row["cancelled_net"],
            reduced=row["reduced_net"],
        ),
    )
