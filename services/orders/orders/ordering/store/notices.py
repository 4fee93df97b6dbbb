"""Whom to tell of an order, and how many notices each person was given."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from marktbund.jsons import dumps
from marktbund.unit_of_work import UnitOfWork

# The rows are locked in the order of ids, whoever counts.
_COUNT = text("""
    INSERT INTO notice_count AS n (person_id, version)
    SELECT person_id, 1 FROM unnest(CAST(:ids AS uuid[])) AS p (person_id) ORDER BY person_id
    ON CONFLICT (person_id) DO UPDATE SET version = n.version + 1
    RETURNING person_id, version
""")
_APPROVERS = text("""
    SELECT person_id FROM principal
     WHERE active AND kind = 'person' AND grants @> CAST(:grant AS jsonb)
       AND person_id <> :requester_id
     ORDER BY person_id
""")
_WANTED = text("""
    SELECT o.requester_id, l.line_no, l.requested_delivery_date
      FROM spot_order AS o JOIN order_line AS l USING (order_id)
     WHERE o.order_id = :order_id AND l.supplier_order_id = :supplier_order_id
""")
_LATE = text("""
    WITH late AS (
        SELECT s.supplier_order_id, s.order_id, s.member_id FROM supplier_order AS s
         WHERE s.status IN ('placed', 'acknowledged', 'answered')
           AND NOT EXISTS (SELECT FROM told_late AS t
                            WHERE t.supplier_order_id = s.supplier_order_id)
           AND EXISTS (
                SELECT FROM supplier_order_line AS l
                  JOIN order_line AS w ON w.order_id = s.order_id AND w.line_no = l.line_no
                 WHERE l.supplier_order_id = s.supplier_order_id
                   AND l.decision NOT IN ('refused', 'cancelled')
                   AND coalesce(l.promised_date, w.requested_delivery_date) < :today)
         ORDER BY s.supplier_order_id LIMIT :most FOR UPDATE OF s SKIP LOCKED),
    told AS (
        INSERT INTO told_late (supplier_order_id, told_on)
        SELECT supplier_order_id, :today FROM late)
    SELECT late.order_id, late.member_id, o.requester_id
      FROM late JOIN spot_order AS o USING (order_id) ORDER BY o.requester_id
""")


@dataclass(frozen=True, slots=True)
class Late:
    """An order of which goods did not come in time, and who sent it off."""

    order_id: UUID
    member_id: UUID
    requester_id: UUID


async def count(uow: UnitOfWork, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Number one more notice to each person; their rows stay locked until the commit."""
    rows = await uow.connection.execute(_COUNT, {"ids": sorted(set(person_ids))})
    return {row.person_id: row.version for row in rows}


async def approvers(uow: UnitOfWork, member_id: UUID, requester_id: UUID) -> list[UUID]:
    """Who may approve what this requester ordered for a member (never the requester)."""
    grant = dumps([{"role": "approver", "member_id": str(member_id)}])
    values = {"grant": grant, "requester_id": requester_id}
    return list((await uow.connection.execute(_APPROVERS, values)).scalars())


async def wanted(
    uow: UnitOfWork, order_id: UUID, supplier_order_id: UUID
) -> tuple[UUID, dict[int, date | None]]:
    """Who sent an order off, and for when each line of a supplier's share was wanted."""
    values = {"order_id": order_id, "supplier_order_id": supplier_order_id}
    rows = (await uow.connection.execute(_WANTED, values)).all()
    return rows[0].requester_id, {row.line_no: row.requested_delivery_date for row in rows}


async def take_late(uow: UnitOfWork, today: date, most: int) -> list[Late]:
    """Orders whose goods were promised or wanted before `today` and are not on their way.

    Each supplier order is taken once, for good.
    """
    rows = await uow.connection.execute(_LATE, {"today": today, "most": most})
    return [Late(row.order_id, row.member_id, row.requester_id) for row in rows]
