"""Orders as their member sees them."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http import Answer
from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.order_steps import Hindrance
from marktbund.contracts.orders import OrderKind
from marktbund.contracts.routes import KeptOffer, RouteDecision
from marktbund.errors import NotFound
from marktbund.money import Amount
from orders.ordering.domain.approvals import Progress
from orders.ordering.domain.spot_orders import SpotOrder, Status
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


class OrderSummary(Answer):
    """An order in a list. Amounts: net EUR."""

    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    status: str
    reference: str
    net_total: Amount
    currency: Literal["EUR"] = "EUR"
    submitted_at: datetime | None
    placed_at: datetime | None
    version: int
    order_kind: OrderKind
    agreement_id: UUID | None
    need_id: UUID | None


class OrderReceipt(OrderSummary):
    """The answer to an order: what it became, and each supplier's share.

    hindrances: why it went back instead of on; draft_order_id: the draft it goes on as.
    """

    supplier_order_ids: tuple[UUID, ...]
    hindrances: tuple[Hindrance, ...] = ()
    draft_order_id: UUID | None = None

    @classmethod
    def of(cls, order: SpotOrder) -> "OrderReceipt":
        """The receipt of an order just changed."""
        ids = tuple(share for _, share in order.supplier_order_ids)
        summary = OrderSummary.model_validate(order)
        return cls(**summary.model_dump(), supplier_order_ids=ids)

    @classmethod
    def after(cls, progress: Progress) -> "OrderReceipt":
        """The receipt of a decision on an order."""
        receipt = cls.of(progress.order)
        return receipt.model_copy(
            update={
                "hindrances": progress.hindrances,
                "draft_order_id": progress.draft_order_id,
            }
        )


class LineAnswer(Answer):
    """A line, as ordered and as answered."""

    line_no: int
    supplier_order_id: UUID
    supplier_id: UUID
    supplier_name: str | None
    article_id: UUID
    article_number: str
    name: str
    cpv: str
    quantity: Decimal
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    net_amount: Amount
    requested_delivery_date: date | None
    decision: str
    answered_quantity: Decimal | None
    answered_unit_price_net: Decimal | None
    promised_date: date | None
    accepted_net: Amount | None
    refused_net: Amount | None
    reduced_net: Amount | None
    cancelled_net: Amount | None
    quote: LineQuote | None
    account: AccountAssignment | None


class TroubleAnswer(Answer):
    """A document that did not reach its supplier. since: business time; next_attempt_at: system."""

    document: str
    state: Literal["failing", "abandoned"]
    reason: str
    attempts: int
    next_attempt_at: datetime | None
    since: datetime


class ShareAnswer(Answer):
    """A supplier's share of an order: ordered = accepted + refused + reduced + cancelled + open."""

    supplier_order_id: UUID
    supplier_id: UUID
    supplier_name: str | None
    status: str
    ordered_net: Amount
    accepted_net: Amount
    refused_net: Amount
    reduced_net: Amount
    cancelled_net: Amount
    delivery_trouble: tuple[TroubleAnswer, ...]


class OrderAnswer(OrderSummary):
    """An order with everything known of it; `content_sha256`: what an approver approves.

    account, delivery, buyer_reference, purpose: as OrderSubmitted has them.
    """

    decision: RouteDecision | None
    content_sha256: str | None
    offers: tuple[KeptOffer, ...]
    account: AccountAssignment | None
    delivery: DeliveryPlace | None
    buyer_reference: str
    purpose: str

    lines: tuple[LineAnswer, ...]
    supplier_orders: tuple[ShareAnswer, ...]


async def orders(
    connection: AsyncConnection,
    member_id: UUID,
    after: UUID | None,
    limit: int,
    status: Collection[Status] = (),
) -> list[OrderSummary]:
    """A member's orders, newest first; `after` is the last id of the page before. status: only
    orders in one of these states; empty: in any.
    """
    query = select(spot_order).where(spot_order.c.member_id == member_id)
    if after is not None:
        query = query.where(spot_order.c.order_id < after)
    if status:
        query = query.where(spot_order.c.status.in_(status))
    rows = await connection.execute(query.order_by(spot_order.c.order_id.desc()).limit(limit))
    return [OrderSummary.model_validate(row) for row in rows]


async def order(connection: AsyncConnection, order_id: UUID, member_id: UUID) -> OrderAnswer:
    """A member's order. Raises NotFound (`order_unknown`), also for another member's."""
    query = select(spot_order).where(
        spot_order.c.order_id == order_id, spot_order.c.member_id == member_id
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("order_unknown", "Diese Bestellung gibt es nicht", field="order_id")
    lines = await connection.execute(_LINES, {"order_id": order_id})
    shares = await connection.execute(_SHARES, {"order_id": order_id})
    decided = (await connection.execute(_DECIDED, {"order_id": order_id})).one_or_none()
    offers = await connection.execute(_OFFERS, {"order_id": order_id})
    return OrderAnswer(
        **OrderSummary.model_validate(row).model_dump(),
        decision=decided.body if decided else None,
        content_sha256=decided.content_sha256 if decided else None,
        offers=tuple(KeptOffer.model_validate(offer, from_attributes=True) for offer in offers),
        account=row.terms.get("account"),
        delivery=row.terms.get("delivery"),
        buyer_reference=row.terms.get("buyer_reference", ""),
        purpose=row.terms.get("purpose", ""),
        lines=tuple(LineAnswer.model_validate(line) for line in lines),
        supplier_orders=tuple(ShareAnswer.model_validate(share) for share in shares),
    )
