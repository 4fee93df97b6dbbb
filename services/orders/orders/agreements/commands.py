"""What the office can ask for about framework agreements, and a requester of them."""

from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from marktbund.commands import Command
from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    Binding,
    Ceiling,
    CeilingContent,
    Content,
    Entitlement,
    EntitlementContent,
    PriceContent,
    SuccessorContent,
    TermContent,
)
from marktbund.days import Day
from marktbund.texts import OneLine

MAX_POSITIONS = 2000
"""Most positions of a lot; an agreement so large still fits into one record."""
_STRICT = ConfigDict(extra="forbid", frozen=True)

Number = Annotated[int, Field(ge=1, le=99_999)]
Title = Annotated[str, OneLine(200, min_length=1)]


class CeilingBody(Ceiling):
    """A ceiling as entered."""

    model_config = _STRICT


class PositionBody(AgreementPosition):
    """A position as entered."""

    model_config = _STRICT

    position_no: Number
    comparable_group: Title
    description: Title
    order_unit: Annotated[str, OneLine(10, min_length=1)]


class LotBody(AgreementLot):
    """A lot as entered."""

    model_config = _STRICT

    lot_no: Number
    after_lot_no: Number | None = None
    title: Title
    positions: Annotated[tuple[PositionBody, ...], Field(min_length=1, max_length=MAX_POSITIONS)]
    ceilings: Annotated[tuple[CeilingBody, ...], Field(max_length=1000)] = ()


class EntitlementBody(Entitlement):
    """An entitled member as entered."""

    model_config = _STRICT

    entitled_from: Day
    entitled_to: Day | None = None
    basis: Annotated[str, OneLine(500)] = ""


class EntitlementChange(EntitlementContent):
    """Enter a member as entitled, or give its entitlement an end."""

    model_config = _STRICT

    entitlement: EntitlementBody


class PriceChange(PriceContent):
    """Another price of one position."""

    model_config = _STRICT

    lot_no: Number
    position_no: Number


class CeilingRaise(CeilingContent):
    """Another ceiling of one lot."""

    model_config = _STRICT

    lot_no: Number


class Succession(SuccessorContent):
    """Another article for one position."""

    model_config = _STRICT

    lot_no: Number
    position_no: Number


class TermChange(TermContent):
    """Another last day."""

    model_config = _STRICT

    ends_on: Day


ContentBody = Annotated[
    EntitlementChange | PriceChange | CeilingRaise | TermChange | Succession,
    Field(discriminator="kind"),
]
_CONTENT: TypeAdapter[Content] = TypeAdapter(Content)


class AgreementBody(Command):
    """An agreement's terms as entered; `later_members` quotes the notice's determinable group."""

    title: Title
    binding: Binding
    starts_on: Day
    ends_on: Day
    later_members: Annotated[str, OneLine(500)] = ""
    entitled: Annotated[tuple[EntitlementBody, ...], Field(max_length=1000)] = ()
    lots: Annotated[tuple[LotBody, ...], Field(min_length=1, max_length=100)]


class DraftAgreement(AgreementBody):
    """Enter an agreement by hand. number: the house's own; empty: the next free one."""

    number: Annotated[str, OneLine(40)] = ""


class ProposeChange(Command):
    """Ask for a change from `effective_on` on. basis: clause or reason, for the file."""

    effective_on: Day
    basis: Annotated[str, OneLine(500, min_length=1)]
    content: ContentBody

    def wanted(self) -> Content:
        """The same for the domain."""
        return _CONTENT.validate_python(self.content.model_dump())
