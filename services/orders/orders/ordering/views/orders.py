"""Orders as their member sees them."""

from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.orders import (
    OrderAnswer,
    OrderedLineAnswer,
    OrderReceiptAnswer,
    OrderShareAnswer,
    OrderSummaryAnswer,
)
from marktbund.contracts.routes import KeptOffer
from marktbund.errors import NotFound
from orders.ordering.domain.approvals import Progress
from orders.ordering.domain.cancelling import is_cancellable
from orders.ordering.domain.spot_orders import SpotOrder, Status
from orders.ordering.domain.supplier_orders import is_unanswered
from orders.ordering.store.tables import spot_order

PageSize = Annotated[int, Field(ge=1, le=500)]

_LINES = text("""
    SELECT l.*, s.name AS supplier_name, coalesce(a.decision, 'open') AS decision,
           a.quantity AS answered_quantity, a.unit_price_net AS answered_unit_price_net,
           a.promised_date, a.accepted_net, a.refused_net, a.reduced_net, a.cancelled_net
      FROM order_line AS l
      LEFT JOIN supplier_order_line AS a USING (supplier_order_id, line_no)
      LEFT JOIN supplier AS s USING (supplier_id)
     WHERE l.order_id = :order_id ORDER BY l.line_no
""")
_SHARES = text("""
    SELECT o.supplier_order_id, o.supplier_id, s.name AS supplier_name, o.status,
           sum(l.ordered_net) AS ordered_net, sum(l.accepted_net) AS accepted_net,
           sum(l.refused_net) AS refused_net, sum(l.reduced_net) AS reduced_net,
           sum(l.cancelled_net) AS cancelled_net,
           (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.document DESC), '[]')
              FROM delivery_trouble AS t
             WHERE t.supplier_order_id = o.supplier_order_id) AS delivery_trouble
      FROM supplier_order AS o
      JOIN supplier_order_line AS l USING (supplier_order_id)
      LEFT JOIN supplier AS s USING (supplier_id)
     WHERE o.order_id = :order_id
     GROUP BY o.supplier_order_id, s.name ORDER BY o.supplier_order_id
""")

_DECIDED = text("""
    SELECT body, content_sha256 FROM route_decision
     WHERE order_id = :order_id ORDER BY decision_no DESC LIMIT 1
""")
_OFFERS = text("SELECT * FROM kept_offer WHERE order_id = :order_id ORDER BY offer_no")


def receipt_of(order: SpotOrder) -> OrderReceiptAnswer:
    """The receipt of an order just changed."""
    ids = tuple(share for _, share in order.supplier_order_ids)
    summary = OrderSummaryAnswer.model_validate(order)
    return OrderReceiptAnswer(**summary.model_dump(), supplier_order_ids=ids)


def receipt_after(progress: Progress) -> OrderReceiptAnswer:
    """The receipt of a decision on an order."""
    return receipt_of(progress.order).model_copy(
        update={
            "hindrances": progress.hindrances,
            "draft_order_id": progress.draft_order_id,
        }
    )


async def orders(
    connection: AsyncConnection,
    member_id: UUID,
    after: UUID | None,
    limit: int,
    status: Collection[Status] = (),
) -> list[OrderSummaryAnswer]:
    """A member's orders, newest first; `after` is the last id of the page before. status: only
    orders in one of these states; empty: in any.
    """
    query = select(spot_order).where(spot_order.c.member_id == member_id)
    if after is not None:
        query = query.where(spot_order.c.order_id < after)
    if status:
        query = query.where(spot_order.c.status.in_(status))
    rows = await connection.execute(query.order_by(spot_order.c.order_id.desc()).limit(limit))
    return [OrderSummaryAnswer.model_validate(row) for row in rows]


async def order(connection: AsyncConnection, order_id: UUID, member_id: UUID) -> OrderAnswer:
    """A member's order. Raises NotFound (`order_unknown`), also for another member's."""
    query = select(spot_order).where(
        spot_order.c.order_id == order_id, spot_order.c.member_id == member_id
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("order_unknown", "Diese Bestellung gibt es nicht", field="order_id")
    line_rows = await connection.execute(_LINES, {"order_id": order_id})
    lines = tuple(OrderedLineAnswer.model_validate(line) for line in line_rows)
    share_rows = await connection.execute(_SHARES, {"order_id": order_id})
    shares = tuple(OrderShareAnswer.model_validate(share) for share in share_rows)
    decided = (await connection.execute(_DECIDED, {"order_id": order_id})).one_or_none()
    offers = await connection.execute(_OFFERS, {"order_id": order_id})
    return OrderAnswer(
        **OrderSummaryAnswer.model_validate(row).model_dump(),
        decision=decided.body if decided else None,
        content_sha256=decided.content_sha256 if decided else None,
        offers=tuple(KeptOffer.model_validate(offer, from_attributes=True) for offer in offers),
        account=row.terms.get("account"),
        delivery=row.terms.get("delivery"),
        buyer_reference=row.terms.get("buyer_reference", ""),
        purpose=row.terms.get("purpose", ""),
        lines=lines,
        supplier_orders=shares,
        cancellable=is_cancellable(row.status, [_is_unanswered(share, lines) for share in shares]),
    )


def _is_unanswered(share: OrderShareAnswer, lines: Sequence[OrderedLineAnswer]) -> bool:
    own = (line.decision for line in lines if line.supplier_order_id == share.supplier_order_id)
    return is_unanswered(share.status, own)
