"""A member's rules of awarding (Vergaberegeln), announced by members. Amounts: net EUR.

Limits are data with dates and sources. A rule without limits says "no limit is set", which is
not the same as no rule at all.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from marktbund.contracts.base import Message, Part, Topic
from marktbund.money import Amount, PositiveAmount

RULE_SET_STATE = Topic("members", "rule-set", "state")
RULE_SET_EVENTS = Topic("members", "rule-set", "events")

ContractKind = Literal["supply", "service", "freelance", "social", "works"]
RouteStep = Literal["direct", "compare", "request"]
SourceKind = Literal["statute", "bylaw", "instruction", "grant"]
"""statute: a law or decree; bylaw: the member's Satzung; instruction: a Dienstanweisung, which
steers approval and never the route; grant: a Zuwendungsbescheid."""


class RouteLimit(Part):
    """The route for values up to and including `up_to_net`.

    Compare: at least `offers_received` comparable offers, the chosen one among them. Request: at
    least so many asked and so many received.
    """

    route: RouteStep
    up_to_net: PositiveAmount
    offers_asked: Annotated[int, Field(ge=0, le=20)] = 0
    offers_received: Annotated[int, Field(ge=0, le=20)] = 0


class Advice(Part):
    """A sentence shown for values above an amount; it never changes the route."""

    above_net: Amount
    text: str


class AwardRule(Part):
    """What applies to contracts of these kinds, both dates inclusive.

    limits: ascending; above the last one the member's award office takes over. Empty: no limit
    is set. recommend_request_above_net: only advice to ask for offers. window_months: orders of
    the same class are added up over (t - months, t]; null: only orders of the same need.
    """

    contract_kinds: Annotated[tuple[ContractKind, ...], Field(min_length=1)]
    limits: tuple[RouteLimit, ...] = ()
    recommend_request_above_net: Amount | None = None
    window_months: Annotated[int, Field(ge=1, le=48)] | None = None
    binding: bool
    source: str
    source_kind: SourceKind
    valid_from: date
    valid_to: date | None = None
    advice: tuple[Advice, ...] = ()


class ApprovalStep(Part):
    """An order above this amount waits for an approver other than its requester."""

    above_net: Amount


class RuleSetState(Message):
    """A member's rules as they are now."""

    topic: ClassVar = RULE_SET_STATE
    key_field: ClassVar = "rule_set_id"

    rule_set_id: UUID
    member_id: UUID
    status: Literal["active", "withdrawn"]
    rules: tuple[AwardRule, ...]
    approval_steps: tuple[ApprovalStep, ...] = ()


class RuleSetAdopted(Message):
    """A member's whole set of rules from this version on."""

    topic: ClassVar = RULE_SET_EVENTS
    key_field: ClassVar = "rule_set_id"

    rule_set_id: UUID
    member_id: UUID
    rules: tuple[AwardRule, ...]
    approval_steps: tuple[ApprovalStep, ...] = ()
    preset: str = ""
    adopted_by: UUID


class RuleSetWithdrawn(Message):
    """A member has no rules on the platform any more."""

    topic: ClassVar = RULE_SET_EVENTS
    key_field: ClassVar = "rule_set_id"

    rule_set_id: UUID
    member_id: UUID
    withdrawn_by: UUID
