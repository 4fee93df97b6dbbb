"""What requesters, desks and suppliers read of an answer of orders or of a supplier's document.

Their own on purpose, not the contracts': an outside system reads the few fields it lives by, and
one that goes missing is seen here although service and contract agree. Amounts: net EUR.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Reading(BaseModel):
    """A part of an answer; what else it holds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StatusReading(Reading):
    """What an order became."""

    status: str


class ReceiptReading(StatusReading):
    """An order just sent off or decided, and the supplier orders it was split into."""

    order_id: str
    order_kind: str
    net_total: Decimal
    supplier_order_ids: tuple[str, ...]
    agreement_id: str | None = None


class DraftReading(Reading):
    """An order that is kept and goes no further yet."""

    order_id: str


class ListedOrderReading(StatusReading):
    """An order in its member's list."""

    order_id: str
    reference: str


class OutcomeReading(Reading):
    """The route a decision came to."""

    outcome: str


class DecidedReading(Reading):
    """An order with what was decided about it; null where nobody looked."""

    decision: OutcomeReading | None = None


class ApprovalReading(Reading):
    """An order that waits for an approver. content_sha256: of what is approved."""

    order_id: str
    content_sha256: str


class _Agreement(Reading):
    agreement_id: str


class UseAgreementReading(Reading):
    """The refusal `use_agreement`: which agreement comes first."""

    decision: _Agreement


class _Reason(Reading):
    code: str


class CallOffRefusedReading(Reading):
    """The refusal of a call-off, with every reason."""

    reasons: tuple[_Reason, ...]


class DraftedAgreementReading(_Agreement):
    """An agreement as entered."""


class SupplierLineReading(Reading):
    """A line of a document as the supplier reads it; price per order unit."""

    line_no: int
    article_number: str
    quantity: Decimal
    unit_price_net: Decimal
    requested_delivery_date: date


class SupplierDocumentReading(Reading):
    """An order or a cancellation, fetched or pushed; placed_at is business time."""

    delivery_id: str
    document: Literal["order", "cancellation"]
    supplier_order_id: str
    order_id: str
    placed_at: datetime
    lines: tuple[SupplierLineReading, ...]


class SupplierCallReading(Reading):
    """The body of a webhook call."""

    data: SupplierDocumentReading
