"""What the suppliers' doors answer. Amounts are net EUR, quantities in the order unit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from marktbund.contracts.order_details import DeliveryPlace
from marktbund.texts import OneLine
from supplier_gateway.domain.deliveries import Document
from supplier_gateway.domain.lines import Decision, LineState

DeliveryPage = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[str, OneLine(64)]


class _SellingAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class SupplierOrderLineAnswer(_SellingAnswer):
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


class SupplierOrderAnswer(_SellingAnswer):
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
    document: Document
    queued_at: datetime
    business_date: date


class AcknowledgementAnswer(_SellingAnswer):
    """A document the supplier has confirmed to have."""

    delivery_id: UUID
    document: Document
    acknowledged_at: datetime


class ResponseLineAnswer(_SellingAnswer):
    """What was promised of a line; unit_price_net in net EUR per order unit."""

    line_no: int
    decision: Decision
    quantity: Decimal
    unit_price_net: Decimal
    promised_date: date | None


class ResponseAnswer(_SellingAnswer):
    """An answer as taken."""

    response_id: UUID
    supplier_order_id: UUID
    lines: tuple[ResponseLineAnswer, ...]


class DespatchLineAnswer(_SellingAnswer):
    """How much of a line was sent."""

    line_no: int
    quantity: Decimal


class DespatchAnswer(_SellingAnswer):
    """Goods sent off."""

    despatch_id: UUID
    supplier_order_id: UUID
    despatched_on: date
    lines: tuple[DespatchLineAnswer, ...]


class SupplierOrderDetailAnswer(SupplierOrderAnswer):
    """A supplier order with what was sent off, in the order it was advised."""

    despatches: tuple[DespatchAnswer, ...]
