"""What tender-planning announces: decisions on demand, tenders and their results, reviewed groups.

Amounts and prices are net EUR. `comparable_group` is catalog's key of articles that are the same
thing; reviewers' corrections of it travel here and are applied by catalog.
"""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from marktbund.contracts.agreements import Binding
from marktbund.contracts.base import Message, Part, Topic
from marktbund.money import Amount, PositiveAmount, Price, Quantity

PROPOSAL_EVENTS = Topic("tender-planning", "proposal", "events")
TENDER_EVENTS = Topic("tender-planning", "tender", "events")
GROUP_STATE = Topic("tender-planning", "group", "state")
GROUP_EVENTS = Topic("tender-planning", "group", "events")

Ceiling = PositiveAmount

LineOutcome = Literal["open", "accepted", "changed", "refused", "cancelled"]
Verdict = Literal["accepted", "rejected"]
ProposalStatus = Literal["proposed", "faded", Verdict]
TenderStatus = Literal["open", "awarded", "cancelled"]
CorrectionStatus = Literal["active", "withdrawn"]
CriterionCode = Literal["members", "regularity", "value", "suppliers", "price_spread"]
CautionCode = Literal["one_buyer", "crisis", "falling", "single_supplier", "scattered"]


class DemandEvidence(Part):
    """The demand a decision stands on: net EUR of `first_month` to `last_month`, both inclusive.

    members, suppliers, months, lines: how many had demand in it. score: 0 to 100.
    """

    first_month: date
    last_month: date
    members: int
    suppliers: int
    months: int
    lines: int
    demand_net: Amount
    score: str


class ProposalDecided(Message):
    """A proposed core assortment was accepted or rejected; `reason` is the decider's."""

    topic: ClassVar = PROPOSAL_EVENTS
    key_field: ClassVar = "proposal_id"

    proposal_id: UUID
    cpv_class: str
    decision: Verdict
    reason: str
    decided_by: UUID
    decided_on: date
    comparable_groups: tuple[str, ...]
    evidence: DemandEvidence


class DraftPosition(Part):
    """One article of a draft specification and the quantity a year that was really ordered.

    quantity_low, quantity_high: the weaker and the stronger year of the evidence, in order_unit;
    all three are null where units were mixed.
    """

    position_no: int
    comparable_group: str
    description: str
    order_unit: str | None
    quantity: Quantity | None
    quantity_low: Quantity | None
    quantity_high: Quantity | None


class DraftLot(Part):
    """A lot of a draft specification."""

    lot_no: int
    title: str
    positions: tuple[DraftPosition, ...]


class TenderOpened(Message):
    """An accepted proposal became a tender; the lots are the draft of its specification."""

    topic: ClassVar = TENDER_EVENTS
    key_field: ClassVar = "tender_id"

    tender_id: UUID
    proposal_id: UUID
    title: str
    opened_by: UUID
    opened_on: date
    comparable_groups: tuple[str, ...]
    members: tuple[UUID, ...]
    evidence: DemandEvidence
    lots: tuple[DraftLot, ...]


class EntitledMember(Part):
    """A member that may call off, from a day on (inclusive)."""

    member_id: UUID
    entitled_from: date


class AwardedPosition(Part):
    """One priced position. unit_price_net: EUR per order_unit. article_id: the supplier's
    article, null where its price list is still to come; then comparable_group tells what it is.
    """

    position_no: int
    comparable_group: str
    article_id: UUID | None = None
    description: str
    order_unit: str
    unit_price_net: Price
    quantity: Quantity


class AwardedLot(Part):
    """What one supplier won. Ceilings over the whole term: net EUR, sum of quantities; null: none.

    A lot without any ceiling is stopped by nothing; orders decides whether that is allowed.
    """

    lot_no: int
    title: str
    supplier_id: UUID
    ceiling_value_net: Ceiling | None = None
    ceiling_quantity: Quantity | None = None
    positions: tuple[AwardedPosition, ...]


class TenderAwarded(Message):
    """A tender's result, entered by hand: what the framework agreement is drafted from.

    binding: exclusive stops spot orders for its articles, open asks for a reason. starts_on,
    ends_on: both inclusive. Lots that were not awarded are left out.
    """

    topic: ClassVar = TENDER_EVENTS
    key_field: ClassVar = "tender_id"

    tender_id: UUID
    title: str
    awarded_by: UUID
    awarded_on: date
    binding: Binding
    starts_on: date
    ends_on: date
    entitled: tuple[EntitledMember, ...]
    lots: tuple[AwardedLot, ...]


class TenderCancelled(Message):
    """A tender ended without a result."""

    topic: ClassVar = TENDER_EVENTS
    key_field: ClassVar = "tender_id"

    tender_id: UUID
    cancelled_by: UUID
    reason: str


class GroupState(Message):
    """A reviewed correction as it is now: articles of `source` belong to `to_group`.

    source: a comparable group (merge) or `article:<article_id>` (split); one source has one
    correction_id. withdrawn: catalog's own rule decides again.
    """

    topic: ClassVar = GROUP_STATE
    key_field: ClassVar = "correction_id"

    correction_id: UUID
    source: str
    to_group: str
    reason: str
    reviewed_by: UUID
    reviewed_at: datetime
    status: CorrectionStatus


class GroupCorrected(Message):
    """A reviewer moved a comparable group, or one article, to another group."""

    topic: ClassVar = GROUP_EVENTS
    key_field: ClassVar = "correction_id"

    correction_id: UUID
    source: str
    to_group: str
    reason: str
    reviewed_by: UUID


class GroupCorrectionWithdrawn(Message):
    """A correction was taken back."""

    topic: ClassVar = GROUP_EVENTS
    key_field: ClassVar = "correction_id"

    correction_id: UUID
    source: str
    reason: str
    reviewed_by: UUID
