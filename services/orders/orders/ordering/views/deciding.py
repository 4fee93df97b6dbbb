"""What waits for an approver, and an order's award request for its member's award office."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.orders import AwardRequestAnswer, NeedAnswer, WaitingApprovalAnswer
from marktbund.errors import Conflict
from orders.ordering.views.orders import order

_WAITING = text("""
    SELECT o.order_id, o.requester_id, o.reference, o.net_total, o.submitted_at, o.version,
           d.content_sha256, d.body AS decision
      FROM spot_order AS o
      JOIN LATERAL (SELECT content_sha256, body FROM route_decision AS r
                     WHERE r.order_id = o.order_id ORDER BY decision_no DESC LIMIT 1) AS d ON true
     WHERE o.member_id = :member_id AND o.status = 'submitted'
       AND (CAST(:after AS uuid) IS NULL OR o.order_id > :after)
     ORDER BY o.order_id LIMIT :limit
""")
_TERMS = text("""
    SELECT o.terms, n.need_id, n.title, n.contract_kind, n.estimate, n.status, n.ordered_net
      FROM spot_order AS o LEFT JOIN need AS n USING (need_id) WHERE o.order_id = :order_id
""")


async def waiting_approvals(
    connection: AsyncConnection, member_id: UUID, after: UUID | None, limit: int
) -> list[WaitingApprovalAnswer]:
    """A member's orders that wait for an approver, oldest first."""
    values = {"member_id": member_id, "after": after, "limit": limit}
    rows = await connection.execute(_WAITING, values)
    return [WaitingApprovalAnswer.model_validate(row) for row in rows]


async def award_request(
    connection: AsyncConnection, order_id: UUID, member_id: UUID
) -> AwardRequestAnswer:
    """An order's award request. Raises NotFound (`order_unknown`), Conflict (`not_handed_over`)."""
    answer = await order(connection, order_id, member_id)
    if answer.status not in {"handed_over", "awarded"}:
        raise Conflict("not_handed_over", "Diese Bestellung ist nicht abgegeben")
    row = (await connection.execute(_TERMS, {"order_id": order_id})).one()
    return AwardRequestAnswer(order=answer, need=NeedAnswer.model_validate(row), terms=row.terms)
