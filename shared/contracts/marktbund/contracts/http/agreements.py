"""What orders answers about framework agreements: terms, changes, ceilings, call-offs. Net EUR."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementStatus,
    Binding,
    Content,
    Entitlement,
)
from marktbund.contracts.http import Answer
from marktbund.contracts.orders import OrderLine
from marktbund.money import Amount


class ExhaustionAnswer(Answer):
    """A ceiling of a lot and what is taken of it. member_id null: all members together.

    Values: net EUR; quantities: the lot's order unit. A limit of null is none.
    """

    lot_no: int
    member_id: UUID | None
    limit_value_net: Amount | None
    used_value_net: Amount
    limit_quantity: Decimal | None
    used_quantity: Decimal


class AgreementSummaryAnswer(Answer):
    """A framework agreement in a list; `version` counts its news."""

    agreement_id: UUID
    tender_id: UUID | None
    number: str
    title: str
    binding: Binding
    status: AgreementStatus
    starts_on: date
    ends_on: date
    version: int
    exhaustion: tuple[ExhaustionAnswer, ...] = ()


class AgreementChangeAnswer(Answer):
    """A change of an agreement, proposed by one person and approved by another; applied on its
    first day. basis: clause or reason, for the file.
    """

    change_no: int
    effective_on: date
    basis: str
    content: Content
    proposed_by: UUID
    approved_by: UUID | None = None
    applied: bool = False


class MemberAgreementAnswer(AgreementSummaryAnswer):
    """An agreement a member may call off from, with its positions and pinned prices."""

    entitled_from: date
    entitled_to: date | None
    lots: tuple[AgreementLot, ...]


class AgreementAnswer(AgreementSummaryAnswer):
    """An agreement with everything known of it, for the cooperative."""

    later_members: str
    entitled: tuple[Entitlement, ...]
    lots: tuple[AgreementLot, ...]
    changes: tuple[AgreementChangeAnswer, ...]
    drafted_by: UUID


class ReasonAnswer(Answer):
    """One reason against a call-off; texts in German."""

    code: str
    title: str
    detail: str
    way_out: str
    field: str


class CallOffCheckAnswer(Answer):
    """Whether a call-off would be accepted now, every reason if not, else its lines and sum; these
    too where the sum alone is another than was seen.
    """

    possible: bool
    reasons: tuple[ReasonAnswer, ...]
    lines: tuple[OrderLine, ...]
    net_total: Amount
