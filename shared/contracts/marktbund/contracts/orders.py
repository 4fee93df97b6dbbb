"""What orders announces. Amounts are net EUR; `member_id` needs, `acting_member_id` acts."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from marktbund.contracts.agreements import CeilingEntry
from marktbund.contracts.base import Message, Part, Topic
from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.routes import KeptOffer, RouteDecision
from marktbund.money import Amount, Price, Quantity

ORDER_EVENTS = Topic("orders", "order", "events")
SUPPLIER_ORDER_EVENTS = Topic("orders", "supplier-order", "events")

OrderKind = Literal["spot", "call_off", "award_result"]
"""spot: under the member's own limits; call_off: from an agreement; award_result: an award
office's procedure decided."""
CancelReason = Literal["no_longer_needed", "ordered_by_mistake", "delivery_too_late", "other"]


class OrderLine(Part):
    """One line as ordered: what, from whom, how much, at which net price, frozen at submission.

    lot_no, position_no: where a call-off's price stands in its agreement. quote: the line is free
    text; its article_id is its own and stands in no catalogue, its comparable_group is its words.
    """

    line_no: int
    article_id: UUID
    supplier_id: UUID
    article_number: str
    name: str
    cpv: str
    comparable_group: str
    quantity: Quantity
    order_unit: str
    unit_price_net: Price
    vat_rate: Decimal
    net_amount: Amount
    requested_delivery_date: date | None = None
    lot_no: int | None = None
    position_no: int | None = None
    quote: LineQuote | None = None
    account: AccountAssignment | None = None
    """Where this line is booked, if not where its order is; suppliers' orders leave it out."""


class SupplierOrderRef(Part):
    """One supplier's share of an order."""

    supplier_order_id: UUID
    supplier_id: UUID
    lines: int
    net_total: Amount


class AwardBasis(Part):
    """What an award rests on: the order handed over, the procedure, the award office's file."""

    handed_over_order_id: UUID
    procedure: Literal["open", "restricted", "negotiated", "direct_urgent", "other"]
    file_reference: str


class OrderSubmitted(Message):
    """A requester sent an order off; ids of the supplier orders to come are fixed from here on.

    reserved: what a call-off took from its agreement's ceilings. buyer_reference: what suppliers
    are asked to name on despatch and invoice. purpose: what it is bought for.
    """

    topic: ClassVar = ORDER_EVENTS
    key_field: ClassVar = "order_id"

    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    submitted_by: UUID
    submitted_at: datetime
    reference: str = ""
    lines: tuple[OrderLine, ...]
    net_total: Amount
    currency: Literal["EUR"] = "EUR"
    order_kind: OrderKind = "spot"
    agreement_id: UUID | None = None
    need_id: UUID | None = None
    unit_id: UUID | None = None
    side_costs_net: Amount = Decimal(0)
    decision: RouteDecision | None = None
    offers: tuple[KeptOffer, ...] = ()
    """The comparison as it was frozen, the cheapest five per line, and quotes brought along."""
    basis: AwardBasis | None = None
    """What an award office's result rests on."""
    reserved: tuple[CeilingEntry, ...] = ()
    account: AccountAssignment | None = None
    delivery: DeliveryPlace | None = None
    buyer_reference: str = ""
    purpose: str = ""


class OrderMessage(Message):
    """What all further news of an order share."""

    topic: ClassVar = ORDER_EVENTS
    key_field: ClassVar = "order_id"

    order_id: UUID
    member_id: UUID


class OrderApproved(OrderMessage):
    """The order may be placed; `basis` says why.

    content_sha256: what was approved (the order's frozen content). approved_by is never the
    requester.
    """

    basis: Literal["not_required", "approver"]
    approved_by: UUID | None = None
    content_sha256: str | None = None
    comment: str = ""


class OrderPlaced(OrderMessage):
    """The order is binding and split; each share is a supplier order of its own."""

    placed_at: datetime
    supplier_orders: tuple[SupplierOrderRef, ...]
    net_total: Amount
    order_kind: OrderKind = "spot"
    agreement_id: UUID | None = None


class OrderCancelled(OrderMessage):
    """The requester took the order back; supplier orders already answered stay as they are.

    released: what a call-off that was not placed yet gave back to its agreement's ceilings.
    """

    cancelled_by: UUID
    reason: CancelReason
    supplier_order_ids: tuple[UUID, ...] = ()
    released: tuple[CeilingEntry, ...] = ()


class SupplierOrderMessage(Message):
    """What all news of a supplier order share."""

    topic: ClassVar = SUPPLIER_ORDER_EVENTS
    key_field: ClassVar = "supplier_order_id"

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    supplier_id: UUID


class SupplierOrderPlaced(SupplierOrderMessage):
    """One supplier's lines, placed. `placed_at` is business time. buyer_reference: to be named on
    despatch and invoice (UBL BuyerReference).
    """

    acting_member_id: UUID
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    net_total: Amount
    order_kind: OrderKind = "spot"
    agreement_id: UUID | None = None
    delivery: DeliveryPlace | None = None
    buyer_reference: str = ""


class SupplierOrderAcknowledged(SupplierOrderMessage):
    """The supplier has fetched the order."""


class AnsweredLine(Part):
    """A line after the supplier's answer: net_amount = accepted + refused + reduced."""

    line_no: int
    decision: Literal["accepted", "changed", "refused"]
    quantity: Decimal
    unit_price_net: Decimal
    promised_date: date | None = None
    accepted_net: Amount
    refused_net: Amount
    reduced_net: Amount


class SupplierOrderAnswered(SupplierOrderMessage):
    """The supplier answered some or all lines; `complete` when none is open any more.

    released: what refused and reduced lines of a call-off gave back to its ceilings.
    """

    response_id: UUID
    lines: tuple[AnsweredLine, ...]
    accepted_net: Amount
    refused_net: Amount
    reduced_net: Amount
    complete: bool
    released: tuple[CeilingEntry, ...] = ()


class SupplierOrderDespatched(SupplierOrderMessage):
    """The supplier sent goods off."""

    despatch_id: UUID
    despatched_on: date


class SupplierOrderCancelled(SupplierOrderMessage):
    """The whole supplier order was taken back before the supplier answered.

    released: what a call-off gave back to its ceilings.
    """

    cancelled_net: Amount
    reason: CancelReason
    released: tuple[CeilingEntry, ...] = ()


class AnswerDisregarded(SupplierOrderMessage):
    """A supplier's word changed nothing; the supplier order stays as it was.

    response_id: of the answer, or with document `despatch` of the despatch. order_cancelled: the
    cancellation stands. day_out_of_bounds: promised before the order, despatched before it or in
    the future. quantity_not_whole: half a piece.
    """

    response_id: UUID
    document: Literal["answer", "despatch"] = "answer"
    reason: Literal["order_cancelled", "day_out_of_bounds", "quantity_not_whole"] = (
        "order_cancelled"
    )
