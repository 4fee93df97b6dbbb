"""Locks, taken at once in everybody's order: supplier orders, documents, needs, pots, ceilings."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from marktbund.unit_of_work import UnitOfWork

_SHARES = text("""
    SELECT order_id FROM supplier_order WHERE supplier_order_id = ANY(:ids)
     ORDER BY supplier_order_id FOR UPDATE
""")
_NEEDS = text("""
    SELECT FROM need
     WHERE need_id IN (SELECT need_id FROM limit_movement WHERE order_id = ANY(:orders))
     ORDER BY need_id FOR UPDATE
""")
_POTS = text("""
    SELECT FROM limit_pot
     WHERE (pot_id, contract_kind, cpv_class) IN (
           SELECT pot_id, contract_kind, cpv_class FROM limit_movement
            WHERE order_id = ANY(:orders))
     ORDER BY pot_id, contract_kind, cpv_class FOR UPDATE
""")
_CEILINGS = text("""
    SELECT FROM agreement_ceiling
     WHERE (agreement_id, lot_no) IN (
           SELECT o.agreement_id, l.lot_no
             FROM spot_order AS o JOIN order_line AS l USING (order_id)
            WHERE o.order_id = ANY(:orders))
     ORDER BY agreement_id, lot_no, member_id NULLS FIRST FOR UPDATE
""")


HELD = ("marked", "held_need", "pots")
"""In which order an order's locks are taken, by names of clauses: documents, need, pots."""


async def hold_for_answers(uow: UnitOfWork, supplier_order_ids: Sequence[UUID]) -> None:
    """Hold whatever answers to these supplier orders may free, until the commit."""
    ids = {"ids": list(supplier_order_ids)}
    orders = {"orders": list(set(await uow.connection.scalars(_SHARES, ids)))}
    for statement in (_NEEDS, _POTS, _CEILINGS):
        await uow.connection.execute(statement, orders)
