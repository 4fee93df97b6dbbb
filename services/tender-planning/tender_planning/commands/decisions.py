"""What people decide: on proposals, tenders and comparable groups."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from marktbund.commands import Command
from marktbund.contracts.agreements import Binding
from marktbund.contracts.tender_planning import (
    AwardedLot,
    AwardedPosition,
    Ceiling,
    EntitledMember,
    Verdict,
)
from marktbund.days import Day
from marktbund.money import Price, Quantity
from marktbund.texts import OneLine
from tender_planning.commands.demand import UUID_PATTERN
from tender_planning.domain.awards import Award

Reason = Annotated[str, OneLine(500, min_length=5)]
"""Why, in one sentence; it stays on file."""
Text = Annotated[str, OneLine(200, min_length=1)]
Group = Annotated[str, Field(pattern=r"^(gtin|mfr|txt|rev):."), OneLine(250)]
"""A comparable group as catalog makes it, or a new one of a reviewer (`rev:`)."""
Source = Annotated[
    str, Field(pattern=rf"^((gtin|mfr|txt|rev):.|article:{UUID_PATTERN}$)"), OneLine(250)
]
Number = Annotated[int, Field(ge=1, le=9_999)]


class DecideProposal(Command):
    """Accept a proposal, which opens its tender, or reject it."""

    decision: Verdict
    reason: Reason


class EntitledBuyer(Command):
    """A member that may call off from a day on."""

    member_id: UUID
    entitled_from: Day


class PricedPosition(Command):
    """A position as won: EUR net per order unit, quantity over the whole term."""

    position_no: Number
    comparable_group: Group
    article_id: UUID | None = None
    description: Text
    order_unit: Annotated[str, Field(pattern="^[A-Z0-9]{1,3}$")]
    unit_price_net: Price
    quantity: Quantity


class WonLot(Command):
    """A lot as one supplier won it; ceilings over the whole term."""

    lot_no: Number
    title: Text
    supplier_id: UUID
    ceiling_value_net: Ceiling | None = None
    ceiling_quantity: Quantity | None = None
    positions: Annotated[tuple[PricedPosition, ...], Field(min_length=1, max_length=500)]


class EnterAward(Command):
    """A tender's result as the award office wrote it down."""

    awarded_on: Day
    binding: Binding
    starts_on: Day
    ends_on: Day
    entitled: Annotated[tuple[EntitledBuyer, ...], Field(min_length=1, max_length=2_000)]
    lots: Annotated[tuple[WonLot, ...], Field(min_length=1, max_length=100)]

    def award(self) -> Award:
        """The result in the words of the contract."""
        return Award(
            awarded_on=self.awarded_on,
            binding=self.binding,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            entitled=tuple(EntitledMember(**dict(entitlement)) for entitlement in self.entitled),
            lots=tuple(_lot(lot) for lot in self.lots),
        )


def _lot(lot: WonLot) -> AwardedLot:
    positions = tuple(AwardedPosition(**dict(position)) for position in lot.positions)
    return AwardedLot(**{**dict(lot), "positions": positions})


class CancelTender(Command):
    """End a tender without a result."""

    reason: Reason


class CorrectGroup(Command):
    """Move a comparable group, or one article, to another group; no group: a new one."""

    source: Source
    to_group: Group | None = None
    reason: Reason


class WithdrawCorrection(Command):
    """Take a correction back."""

    reason: Reason
