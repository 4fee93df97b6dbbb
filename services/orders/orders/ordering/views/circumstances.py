"""What stands beside an order's lines: why it is bought, what approvers said, where it goes on."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.clock import business_date
from marktbund.contracts.http.orders import (
    CircumstancesAnswer,
    NeedAnswer,
    OrderTermsAnswer,
    VerdictAnswer,
    WaitingAnswer,
    WantedAnswer,
)
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.errors import NotFound
from orders.awarding.face.values import applicable, window_months

_ORDER = text("""
    SELECT o.requester_id, o.terms, u.name AS unit_name, n.need_id, n.title, n.contract_kind,
           n.estimate, n.status, n.ordered_net
      FROM spot_order AS o
      LEFT JOIN need AS n USING (need_id)
      LEFT JOIN unit AS u
        ON u.unit_id = o.unit_id AND u.member_id = o.member_id
     WHERE o.order_id = :order_id AND o.member_id = :member_id
""")
_VERDICTS = text("SELECT * FROM approval WHERE order_id = :order_id ORDER BY decided_at")
_RETURNED = text("SELECT * FROM approval WHERE draft_order_id = :order_id")
_WANTED = text("""
    SELECT w.*, coalesce(w.description, a.name) AS name
      FROM wanted_line AS w LEFT JOIN article AS a USING (article_id)
     WHERE w.order_id = :order_id ORDER BY w.line_no
""")
_RULES = text("""
    SELECT v.body, d.contract_kind AS kind, d.decided_at
      FROM route_decision AS d
      JOIN rule_set_version AS v
        ON v.rule_set_id = d.rule_set_id AND v.version = d.rule_set_version
     WHERE d.order_id = :order_id ORDER BY d.decision_no DESC LIMIT 1
""")
_WAITING = text("""
    SELECT status, count(*) AS orders FROM spot_order
     WHERE member_id = :member_id AND status IN ('submitted', 'awaiting_offers', 'handed_over')
     GROUP BY status
    UNION ALL
    SELECT 'draft', count(*) FROM spot_order WHERE member_id = :member_id AND status = 'draft'
""")


async def of_order(
    connection: AsyncConnection, order_id: UUID, member_id: UUID
) -> CircumstancesAnswer:
    """A member's order's. Raises NotFound (`order_unknown`), also for another member's."""
    values = {"order_id": order_id, "member_id": member_id}
    row = (await connection.execute(_ORDER, values)).one_or_none()
    if row is None:
        raise NotFound("order_unknown", "Diese Bestellung gibt es nicht", field="order_id")
    verdicts = await connection.execute(_VERDICTS, values)
    returned = (await connection.execute(_RETURNED, values)).one_or_none()
    wanted = await connection.execute(_WANTED, values)
    return CircumstancesAnswer(
        requester_id=row.requester_id,
        unit_name=row.unit_name or None,
        need=NeedAnswer.model_validate(row) if row.need_id else None,
        terms=OrderTermsAnswer.model_validate(row.terms),
        window_months=await _window(connection, order_id),
        verdicts=tuple(VerdictAnswer.model_validate(verdict) for verdict in verdicts),
        returned=VerdictAnswer.model_validate(returned) if returned else None,
        wanted=tuple(WantedAnswer.model_validate(line) for line in wanted),
    )


async def _window(connection: AsyncConnection, order_id: UUID) -> int | None:
    row = (await connection.execute(_RULES, {"order_id": order_id})).one_or_none()
    if row is None:
        return None
    rules = applicable(
        RuleSetState.model_validate(row.body), row.kind, business_date(row.decided_at)
    )
    return window_months(rules)


async def waiting(connection: AsyncConnection, member_id: UUID) -> WaitingAnswer:
    """How much waits at a member."""
    rows = await connection.execute(_WAITING, {"member_id": member_id})
    return WaitingAnswer.model_validate({row.status: row.orders for row in rows})
