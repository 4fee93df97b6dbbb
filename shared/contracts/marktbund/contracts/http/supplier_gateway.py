"""What supplier-gateway answers: the register, channels and deliveries, orders to suppliers.

Amounts are net EUR, quantities in the order unit.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from marktbund.contracts.http import Answer
from marktbund.contracts.order_details import DeliveryPlace
from marktbund.contracts.supplier_gateway import (
    BreakerState,
    CallResult,
    ChannelStatus,
    DeliveryDocument,
    DeliveryState,
    LineDecision,
    LineState,
    SupplierStatus,
)


class SupplierAnswer(Answer):
    """A supplier; `subs` are the token subjects that speak for it."""

    supplier_id: UUID
    name: str
    status: SupplierStatus
    subs: tuple[str, ...]
    version: int


class ChannelSetAnswer(Answer):
    """A channel just set or given a new secret; this answer is the only one that shows it."""

    url: str
    secret: str | None


class ReplayCountAnswer(Answer):
    """How many documents are due again; fewer than asked for: no more are given up."""

    replayed: int


class ChannelAnswer(Answer):
    """A channel as it is now. secrets: how many sign; secret_expires_at: of the oldest of them.

    breaker: closed: calls go out; open: none before `blocked_until`; half_open: one tries.
    """

    supplier_id: UUID
    url: str
    status: ChannelStatus
    breaker: BreakerState
    failures: int
    blocked_until: datetime | None
    secrets: int
    secret_expires_at: datetime | None


class AttemptAnswer(Answer):
    """One call. Without `ended_at` it is on its way, or its worker died.

    cause: the kind of an error nobody foresaw, to be found in the log under the same name.
    """

    number: int
    begun_at: datetime
    ended_at: datetime | None
    result: CallResult | None
    http_status: int | None
    next_attempt_at: datetime | None
    cause: str | None


class DeliveryAnswer(Answer):
    """A document and how far it came; times of pushing are system time."""

    delivery_id: UUID
    supplier_order_id: UUID
    supplier_id: UUID
    document: DeliveryDocument
    state: DeliveryState
    queued_at: datetime
    acknowledged_at: datetime | None
    attempts: int
    next_attempt_at: datetime | None
    abandoned_at: datetime | None


class DeliveryLogAnswer(DeliveryAnswer):
    """A document with every call for it, the oldest first."""

    log: tuple[AttemptAnswer, ...]


class SupplierOrderLineAnswer(Answer):
    """A line as ordered, and its state; prices net EUR per order unit, vat_rate in percent.

    quoted_on: the line rests on the supplier's quote of that day and stands in no catalogue.
    """

    line_no: int
    article_id: UUID
    article_number: str
    name: str
    cpv: str
    quantity: Decimal
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    net_amount: Decimal
    requested_delivery_date: date | None
    state: LineState
    agreed_quantity: Decimal | None
    agreed_unit_price_net: Decimal | None
    promised_date: date | None
    despatched_quantity: Decimal
    quoted_on: date | None


class SupplierOrderAnswer(Answer):
    """A supplier order with all its lines; `placed_at` is business time.

    delivery: where goods are taken, and when; null: as agreed with the member. buyer_reference: to
    be named on despatch and invoice.
    """

    supplier_order_id: UUID
    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    placed_at: datetime
    net_total: Decimal
    currency: Literal["EUR"] = "EUR"
    status: Literal["placed", "cancelled"]
    cancel_reason: str | None
    open_lines: int
    delivery: DeliveryPlace | None
    buyer_reference: str
    lines: tuple[SupplierOrderLineAnswer, ...]


class WaitingDeliveryAnswer(SupplierOrderAnswer):
    """A document not yet acknowledged; `business_date` is the day it was queued, in Berlin."""

    delivery_id: UUID
    document: DeliveryDocument
    queued_at: datetime
    business_date: date


class AcknowledgementAnswer(Answer):
    """A document the supplier has confirmed to have."""

    delivery_id: UUID
    document: DeliveryDocument
    acknowledged_at: datetime


class ResponseLineAnswer(Answer):
    """What was promised of a line; unit_price_net in net EUR per order unit."""

    line_no: int
    decision: LineDecision
    quantity: Decimal
    unit_price_net: Decimal
    promised_date: date | None


class ResponseAnswer(Answer):
    """An answer as taken."""

    response_id: UUID
    supplier_order_id: UUID
    lines: tuple[ResponseLineAnswer, ...]


class DespatchLineAnswer(Answer):
    """How much of a line was sent."""

    line_no: int
    quantity: Decimal


class DespatchAnswer(Answer):
    """Goods sent off."""

    despatch_id: UUID
    supplier_order_id: UUID
    despatched_on: date
    lines: tuple[DespatchLineAnswer, ...]


class SupplierOrderDetailAnswer(SupplierOrderAnswer):
    """A supplier order with what was sent off, in the order it was advised."""

    despatches: tuple[DespatchAnswer, ...]
