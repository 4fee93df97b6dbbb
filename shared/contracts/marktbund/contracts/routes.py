"""Needs and routes, announced by orders: how a purchase was estimated, checked and decided.

Amounts are net EUR. A decision carries sums and the ledger's position, never lists that grow.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from marktbund.contracts.base import Message, Part, Topic
from marktbund.contracts.rule_sets import ContractKind, SourceKind
from marktbund.money import Amount

NEED_EVENTS = Topic("orders", "need", "events")

NeedKind = Literal["one_off", "recurring", "open_ended"]
EstimateMethod = Literal["sum_of_lines", "stated", "twelve_months", "forty_eight_months"]
"""sum_of_lines: lines and side costs; stated: the requester's own estimate of the whole need;
twelve_months: a recurring need (§ 3 (10) VgV); forty_eight_months: a service without end
(§ 3 (11) VgV)."""
Outcome = Literal["direct", "compare", "request", "hand_over", "use_agreement", "refused"]
OfferKind = Literal["catalog", "external", "asked", "received"]
"""catalog: a frozen catalogue price; external: a quote brought along; asked, received: in a
request for offers."""
RefusalCode = Literal["comparison_insufficient", "use_agreement", "reason_missing"]


class Estimate(Part):
    """The value of a need before its first order, side costs included."""

    need_kind: NeedKind
    method: EstimateMethod
    net: Amount


class WindowSum(Part):
    """What was ordered of a class in the last `months` before an order."""

    months: int
    before_net: Amount


class ClassSum(Part):
    """What was added up for one CPV class (4 digits) within one pot.

    pot_id: the contracting authority, or the unit that awards this class on its own. before_net:
    ordered in the longest window any rule asks for, before this order; windows: in each of them
    (empty with evaluator 1, which knew the longest only). ordered_net: this order's share.
    position: how many movements of the pot's class were counted. last_order_id: the latest.
    """

    cpv_class: str
    pot_id: UUID
    before_net: Amount
    ordered_net: Amount
    position: int
    last_order_id: UUID | None = None
    windows: tuple[WindowSum, ...] = ()


class AgreementHint(Part):
    """An agreement in force that covers a comparable group of the order.

    exclusive: its members have to use it; open: they may. entitled: this member may call off.
    exhausted: its ceiling leaves nothing for this order.
    """

    agreement_id: UUID
    number: str
    binding: Literal["exclusive", "open"]
    entitled: bool
    exhausted: bool
    comparable_group: str


class GrantCondition(Part):
    """A condition of a grant (Zuwendungsbescheid): it binds although no limit is set."""

    title: str
    offers_asked: Annotated[int, Field(ge=1, le=20)]


class Release(Part):
    """An award office's reason for another way than the rules' (fixed price, urgency, ...)."""

    code: Literal["fixed_price", "single_supplier", "urgency", "no_comparable_offer", "other"]
    reason: str
    released_by: UUID


class RouteInputs(Part):
    """All a decision was made from; with the rule set's version it can be made again."""

    contract_kind: ContractKind
    decided_on: date
    ordered_net: Amount
    """The lines and their side costs."""
    side_costs_net: Amount
    estimate: Estimate
    need_before_net: Amount
    """Ordered before for the same need, whenever."""
    need_position: int = 0
    """How many bookings of that need were counted."""
    classes: tuple[ClassSum, ...]
    offers: int | None = None
    """The fewest offers any line could be compared with, its own among them; null: not looked."""
    offers_obtained: bool = False
    """The offers asked for have come in; a request for them is done."""
    agreements: tuple[AgreementHint, ...] = ()
    reason_beside_agreement: str = ""
    reason_without_offers: str = ""
    """Why a recommendation is not followed; it cannot set aside what binds."""
    grant: GrantCondition | None = None
    release: Release | None = None


class RouteDecision(Part):
    """What a purchase has to go through, why, and by which version of rules and evaluator.

    decisive_net: the larger of estimate and sums; limit_net: the limit it was held against.
    binding: whether a law, a bylaw or a grant demands it; else it is advice.
    """

    outcome: Outcome
    refusal: RefusalCode | None = None
    binding: bool
    reasons: tuple[str, ...]
    source: str = ""
    source_kind: SourceKind | None = None
    decisive_net: Amount
    limit_net: Amount | None = None
    offers_asked: int = 0
    offers_received: int = 0
    approval_required: bool = False
    approval_reason: str = ""
    tell_award_office: bool = False
    agreement_id: UUID | None = None
    rule_set_id: UUID | None = None
    rule_set_version: int | None = None
    evaluator: int
    inputs: RouteInputs


class KeptOffer(Part):
    """An offer kept with an order. `net_total`: the whole line's, or the whole order's if line_no
    is null; null while only asked.
    """

    kind: OfferKind
    line_no: int | None = None
    supplier_id: UUID | None = None
    supplier_name: str
    article_id: UUID | None = None
    net_total: Amount | None = None
    quoted_on: date | None = None
    document_sha256: str | None = None


class NeedMessage(Message):
    """What all news of a need share."""

    topic: ClassVar = NEED_EVENTS
    key_field: ClassVar = "need_id"

    need_id: UUID
    member_id: UUID


class NeedRecorded(NeedMessage):
    """A need was written down with its estimate, before anything was ordered for it."""

    title: str
    contract_kind: ContractKind
    estimate: Estimate
    recorded_by: UUID
    recorded_at: datetime
    order_id: UUID | None = None
    """The order it was written down with, if it was."""


class NeedClosed(NeedMessage):
    """Nothing more is ordered for this need; `ordered_net` is what was."""

    ordered_net: Amount
    closed_by: UUID


class DecisionReplayed(NeedMessage):
    """A kept decision was made again from its inputs: the same, or a finding."""

    order_id: UUID
    decision_no: int
    same: bool
    differences: tuple[str, ...] = ()
    evaluator: int
    replayed_by: UUID | None = None
