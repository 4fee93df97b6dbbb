"""What orders answers to who orders, approves and awards. Amounts are net EUR."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue

from marktbund.contracts.http import Answer
from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.order_steps import Hindrance, Occasion
from marktbund.contracts.orders import OrderKind
from marktbund.contracts.routes import (
    Estimate,
    GrantCondition,
    KeptOffer,
    NeedKind,
    RouteDecision,
)
from marktbund.contracts.rule_sets import ContractKind
from marktbund.money import Amount

OrderStatus = Literal[
    "draft",
    "submitted",
    "awaiting_offers",
    "approved",
    "placed",
    "handed_over",
    "awarded",
    "refused",
    "sent_back",
    "cancelled",
    "discarded",
]
ShareStatus = Literal["placed", "acknowledged", "answered", "despatched", "cancelled"]
OrderLineDecision = Literal["open", "accepted", "changed", "refused", "cancelled"]


class OrderSummaryAnswer(Answer):
    """An order in a list; `version` counts its news. reference: the member's own number of it."""

    order_id: UUID
    member_id: UUID
    acting_member_id: UUID
    status: OrderStatus
    reference: str
    net_total: Amount
    currency: Literal["EUR"] = "EUR"
    submitted_at: datetime | None
    placed_at: datetime | None
    version: int
    order_kind: OrderKind
    agreement_id: UUID | None
    need_id: UUID | None


class OrderReceiptAnswer(OrderSummaryAnswer):
    """The answer to an order: what it became, and each supplier's share.

    hindrances: why it went back instead of on; draft_order_id: the draft it goes on as.
    """

    supplier_order_ids: tuple[UUID, ...]
    hindrances: tuple[Hindrance, ...] = ()
    draft_order_id: UUID | None = None


class OrderedLineAnswer(Answer):
    """A line, as ordered and as answered. vat_rate: per cent."""

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
    decision: OrderLineDecision
    answered_quantity: Decimal | None
    answered_unit_price_net: Decimal | None
    promised_date: date | None
    accepted_net: Amount | None
    refused_net: Amount | None
    reduced_net: Amount | None
    cancelled_net: Amount | None
    quote: LineQuote | None
    account: AccountAssignment | None


class DeliveryTroubleAnswer(Answer):
    """A document that did not reach its supplier. since: business time; next_attempt_at: system."""

    document: str
    state: Literal["failing", "abandoned"]
    reason: str
    attempts: int
    next_attempt_at: datetime | None
    since: datetime


class OrderShareAnswer(Answer):
    """A supplier's share of an order: ordered = accepted + refused + reduced + cancelled + open."""

    supplier_order_id: UUID
    supplier_id: UUID
    supplier_name: str | None
    status: ShareStatus
    ordered_net: Amount
    accepted_net: Amount
    refused_net: Amount
    reduced_net: Amount
    cancelled_net: Amount
    delivery_trouble: tuple[DeliveryTroubleAnswer, ...]


class OrderAnswer(OrderSummaryAnswer):
    """An order with everything known of it; `content_sha256`: what an approver approves.

    account, delivery, buyer_reference, purpose: as OrderSubmitted has them. cancellable: whether
    its requester can take it back now, whole or in part.
    """

    decision: RouteDecision | None
    content_sha256: str | None
    offers: tuple[KeptOffer, ...]
    account: AccountAssignment | None
    delivery: DeliveryPlace | None
    buyer_reference: str
    purpose: str

    lines: tuple[OrderedLineAnswer, ...]
    supplier_orders: tuple[OrderShareAnswer, ...]
    cancellable: bool = False


class VerdictAnswer(Answer):
    """What an approver decided on which content; sent back, the order goes on as that draft.

    occasion, hindrances: nobody turned it down; these reasons stood against it when `decided_by`
    let it go on.
    """

    order_id: UUID
    content_sha256: str
    verdict: Literal["approve", "refuse", "send_back"]
    decided_by: UUID
    comment: str
    decided_at: datetime
    draft_order_id: UUID | None
    occasion: Occasion | None
    hindrances: tuple[Hindrance, ...]


class NeedAnswer(Answer):
    """A need with its estimate and what was ordered for it."""

    need_id: UUID
    title: str
    contract_kind: ContractKind
    estimate: Estimate
    status: Literal["open", "closed"]
    ordered_net: Amount


class FreeTextAnswer(Answer):
    """What a supplier quoted in words. unit_price_net: per order unit; vat_rate: per cent."""

    supplier_id: UUID
    description: str
    article_number: str = ""
    cpv: str
    order_unit: str
    unit_price_net: Decimal
    vat_rate: Decimal
    document_sha256: str
    quoted_on: date


class WantedAnswer(Answer):
    """A line of a draft; it has no price until it is sent off, unless it is free text."""

    article_id: UUID
    name: str | None
    quantity: Decimal
    requested_delivery_date: date | None
    free_text: FreeTextAnswer | None


class NeedTermsAnswer(Answer):
    """How a requester described the need. stated_net: of the whole; monthly_net: of a month."""

    title: str = ""
    kind: NeedKind = "one_off"
    contract_kind: ContractKind | None = None
    stated_net: Amount | None = None
    monthly_net: Amount | None = None


class OrderTermsAnswer(Answer):
    """What a requester gave beside the lines; what was not said is left out.

    side_costs_net: freight, small-quantity surcharge and the like.
    """

    need: NeedTermsAnswer | None = None
    need_id: UUID | None = None
    side_costs_net: Amount = Decimal(0)
    unit_id: UUID | None = None
    grant: GrantCondition | None = None
    quotes: tuple[KeptOffer, ...] = ()
    reason_beside_agreement: str = ""
    reason_without_offers: str = ""
    account: AccountAssignment | None = None
    delivery: DeliveryPlace | None = None
    buyer_reference: str = ""
    purpose: str = ""


class CircumstancesAnswer(Answer):
    """Beside an order's lines. terms: as its requester gave them.

    window_months: how far back orders of the same class were added up, where a rule asks for it.
    returned: how an approver sent back the order this one goes on from. wanted: of a draft.
    """

    requester_id: UUID
    unit_name: str | None
    need: NeedAnswer | None
    terms: OrderTermsAnswer
    window_months: int | None
    verdicts: tuple[VerdictAnswer, ...]
    returned: VerdictAnswer | None
    wanted: tuple[WantedAnswer, ...]


class WaitingAnswer(Answer):
    """How many of a member's orders wait for an approver, offers or an award, or are drafts."""

    submitted: int = 0
    awaiting_offers: int = 0
    handed_over: int = 0
    draft: int = 0

    def of(self, status: Collection[OrderStatus]) -> int:
        """How many are in one of these; those it does not count are left out."""
        counts: dict[OrderStatus, int] = {
            "submitted": self.submitted,
            "awaiting_offers": self.awaiting_offers,
            "handed_over": self.handed_over,
            "draft": self.draft,
        }
        return sum(counts.get(counted, 0) for counted in status)


class WaitingApprovalAnswer(Answer):
    """An order that waits for an approver, with what is approved."""

    order_id: UUID
    requester_id: UUID
    reference: str
    net_total: Amount
    submitted_at: datetime
    version: int
    content_sha256: str
    decision: RouteDecision


class RouteDecisionAnswer(Answer, RouteDecision):
    """What a cart would have to go through, asked before it is ordered."""


class DecisionReplayAnswer(Answer):
    """An order's last decision made again: the same, or a finding with its `differences`.

    version: of the need's news; evaluator: the version of the program that decided again.
    """

    version: int = Field(ge=1)
    need_id: UUID
    member_id: UUID
    order_id: UUID
    decision_no: int
    same: bool
    differences: tuple[str, ...] = ()
    evaluator: int
    replayed_by: UUID | None = None


class AwardRequestAnswer(Answer):
    """Vergabeantrag: everything known of an order handed over, for an e-procurement system.

    terms: as they were kept with the order, word for word.
    """

    form: Literal["marktbund-vergabeantrag-1"] = "marktbund-vergabeantrag-1"
    order: OrderAnswer
    need: NeedAnswer
    terms: dict[str, JsonValue]


class AttachmentAnswer(Answer):
    """An uploaded document; its content is at its SHA-256."""

    sha256: str
    media_type: str
    size_bytes: int


class OrderSettlementAnswer(Answer):
    """What came of the key of an order: its receipt, or that nothing came of it and never will."""

    carried_out: bool
    answer: OrderReceiptAnswer | None
