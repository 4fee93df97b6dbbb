"""What stands behind the positions a member wants to call off, asked once per call-off."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from marktbund.unit_of_work import UnitOfWork
from orders.agreements.domain.call_offs import Place, Supply
from orders.agreements.store import ceilings
from orders.ground.store.replicas import article_of

_POSITIONS = text("""
    SELECT p.lot_no, p.position_no, p.supplier_id, s.status = 'active' AS sells, a.*
      FROM unnest(CAST(:lots AS int[]), CAST(:positions AS int[])) AS w (lot_no, position_no)
      JOIN agreement_position AS p
        ON p.agreement_id = :agreement_id AND p.lot_no = w.lot_no
       AND p.position_no = w.position_no
      LEFT JOIN supplier AS s ON s.supplier_id = p.supplier_id
      LEFT JOIN LATERAL (
           SELECT b.article_id, b.article_number, b.name, b.cpv, b.comparable_group, b.order_unit,
                  b.unit_price_net, b.vat_rate, b.active, b.minimum_quantity,
                  b.quantity_interval
             FROM article AS b
            WHERE CASE WHEN p.article_id IS NULL
                       THEN b.comparable_group = p.comparable_group AND b.active
                            AND b.supplier_id = p.supplier_id
                       ELSE b.article_id = p.article_id END
            ORDER BY b.article_number LIMIT 1) AS a ON true
""")


async def behind(
    uow: UnitOfWork, agreement_id: UUID, numbers: Iterable[Place], member_id: UUID
) -> Supply:
    """Articles, suppliers and ceilings of these positions, unknown ones left out."""
    wanted = sorted(set(numbers))
    lots = [lot_no for lot_no, _ in wanted]
    rows = await uow.connection.execute(
        _POSITIONS,
        {
            "agreement_id": agreement_id,
            "lots": lots,
            "positions": [position_no for _, position_no in wanted],
        },
    )
    behind = rows.all()
    return Supply(
        articles={
            (row.lot_no, row.position_no): article_of(row, orderable=row.active)
            for row in behind
            if row.article_id is not None
        },
        suppliers=frozenset(row.supplier_id for row in behind if row.sells),
        standings=await ceilings.standings(uow, agreement_id, lots, member_id),
    )
