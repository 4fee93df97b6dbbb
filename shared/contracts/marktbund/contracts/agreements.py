"""What orders announces of framework agreements. Amounts and prices are net EUR, days inclusive.

The state says what applies now; changes are facts with the day they apply from. What call-offs
take from a ceiling and give back travels with the order's own events.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from marktbund.contracts.base import Message, Part, Topic
from marktbund.money import Amount, Digits, PositiveAmount, Price

AGREEMENT_STATE = Topic("orders", "agreement", "state")
AGREEMENT_EVENTS = Topic("orders", "agreement", "events")

Binding = Literal["exclusive", "open"]
AgreementStatus = Literal["draft", "confirmed", "in_force", "ended"]
RaiseGround = Literal["132_1", "132_2_1", "132_2_2", "132_2_3", "132_2_4", "132_3"]
"""Paragraph of § 132 GWB a ceiling is raised by: 132_2_1 is § 132 (2) sentence 1 no. 1."""

CeilingValue = PositiveAmount
CeilingQuantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=3), Digits]


class Ceiling(Part):
    """Most that may be called off from a lot over the whole term (Höchstwert, Höchstmenge).

    member_id null: all members together; else the published share of one member. quantity: sum
    over the lot's positions, which then share one order unit. null: no such ceiling.
    """

    member_id: UUID | None = None
    value_net: CeilingValue | None = None
    quantity: CeilingQuantity | None = None


class CeilingEntry(Part):
    """One entry of the ceiling ledger: what a call-off took (above 0) or gave back (below 0).

    entry_no: position in the ledger. member_id null: the ceiling of all members. used_*: what is
    taken of that ceiling after this entry.
    """

    entry_no: int
    lot_no: int
    member_id: UUID | None = None
    value_net: Amount
    quantity: Decimal
    used_value_net: Amount
    used_quantity: Decimal


class AgreementPosition(Part):
    """One priced position. unit_price_net: EUR per order_unit, pinned for call-offs.

    article_id: the supplier's article; null until its price list names one of comparable_group.
    """

    position_no: int
    comparable_group: str
    article_id: UUID | None = None
    description: str
    order_unit: str
    unit_price_net: Price


class AgreementLot(Part):
    """What one supplier delivers. minimum_order_net: least net EUR of one call-off; null: none.

    Of several partners each has a lot: mini_competition allows no direct call-off, after_lot_no
    names the lot whose partner has to decline first (cascade).
    """

    lot_no: int
    title: str
    supplier_id: UUID
    minimum_order_net: CeilingValue | None = None
    positions: tuple[AgreementPosition, ...]
    ceilings: tuple[Ceiling, ...]
    procedure: Literal["direct", "mini_competition"] = "direct"
    after_lot_no: int | None = None


class Entitlement(Part):
    """A member that may call off. basis: why it is on the list, if it was not from the start."""

    member_id: UUID
    entitled_from: date
    entitled_to: date | None = None
    basis: str = ""


class AgreementMessage(Message):
    """What all news of an agreement share."""

    topic: ClassVar = AGREEMENT_EVENTS
    key_field: ClassVar = "agreement_id"

    agreement_id: UUID


class AgreementState(Message):
    """An agreement as it is now. later_members: the determinable group the notice names, in words;
    a member of it may call off once it is entered as entitled (§ 21 (2) VgV). tender_id null:
    entered by hand.
    """

    topic: ClassVar = AGREEMENT_STATE
    key_field: ClassVar = "agreement_id"

    agreement_id: UUID
    tender_id: UUID | None
    number: str
    title: str
    binding: Binding
    status: AgreementStatus
    starts_on: date
    ends_on: date
    later_members: str = ""
    entitled: tuple[Entitlement, ...]
    lots: tuple[AgreementLot, ...]


class AgreementDrafted(AgreementMessage):
    """An agreement was drafted, from an award (tender_id) or by hand; again when it was revised.

    drafted_by: who entered it, or the award it came from; somebody else confirms it.
    """

    tender_id: UUID | None
    number: str
    title: str
    binding: Binding
    starts_on: date
    ends_on: date
    later_members: str = ""
    entitled: tuple[Entitlement, ...]
    lots: tuple[AgreementLot, ...]
    drafted_by: UUID | None
    drafted_on: date


class AgreementConfirmed(AgreementMessage):
    """A second person of the office confirmed the draft; it applies from its first day on."""

    confirmed_by: UUID
    confirmed_on: date


class AgreementInForce(AgreementMessage):
    """The agreement's first day has come; `since` is that day."""

    since: date


class AgreementEnded(AgreementMessage):
    """No more call-offs after `last_day`. discarded: a draft that never applied."""

    last_day: date
    reason: Literal["term_over", "terminated", "discarded"]
    decided_by: UUID | None


class AgreementChange(AgreementMessage):
    """What all approved changes share. change_no counts an agreement's changes from 1.

    effective_on: first day it applies. basis: clause or reason, for the file.
    """

    change_no: int
    effective_on: date
    basis: str
    proposed_by: UUID
    approved_by: UUID


class EntitlementChanged(AgreementChange):
    """A member was entered as entitled, or its entitlement got an end."""

    entitlement: Entitlement


class PriceChanged(AgreementChange):
    """A position's pinned price changed by an agreed adjustment clause."""

    lot_no: int
    position_no: int
    unit_price_net: Price


class CeilingChanged(AgreementChange):
    """A ceiling was raised (raise_ground says by which paragraph) or lowered (null)."""

    lot_no: int
    ceiling: Ceiling
    raise_ground: RaiseGround | None


class TermChanged(AgreementChange):
    """The term got another last day: an extension option, or an earlier end."""

    ends_on: date


class SuccessorApproved(AgreementChange):
    """A position is delivered by another article: of equal value, at the same price."""

    lot_no: int
    position_no: int
    article_id: UUID


class EntitlementContent(Part):
    """Enter a member as entitled, or give its entitlement an end."""

    kind: Literal["entitlement"]
    entitlement: Entitlement


class PriceContent(Part):
    """Pin another price, net EUR per order unit."""

    kind: Literal["price"]
    lot_no: int
    position_no: int
    unit_price_net: Price


class CeilingContent(Part):
    """Raise a ceiling, by a paragraph of § 132 GWB, or lower it."""

    kind: Literal["ceiling"]
    lot_no: int
    ceiling: Ceiling
    raise_ground: RaiseGround | None = None


class TermContent(Part):
    """Another last day: an extension option, or an earlier end."""

    kind: Literal["term"]
    ends_on: date


class SuccessorContent(Part):
    """Another article for a position: of equal value, at the same price."""

    kind: Literal["successor"]
    lot_no: int
    position_no: int
    article_id: UUID


Content = Annotated[
    EntitlementContent | PriceContent | CeilingContent | TermContent | SuccessorContent,
    Field(discriminator="kind"),
]
"""What a change of an agreement does."""
