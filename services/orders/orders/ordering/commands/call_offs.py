"""What a requester can ask of an agreement."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from marktbund.commands import Command
from marktbund.days import Day
from marktbund.money import NetCosts, Quantity
from marktbund.texts import OneLine
from orders.ordering.commands.orders import Details

_Number = Annotated[int, Field(ge=1, le=99_999)]


class CallLine(Command):
    """A position of the agreement and how many of its order units."""

    lot_no: _Number
    position_no: _Number
    quantity: Quantity
    requested_delivery_date: Day | None = None


class Declined(Command):
    """A partner of a cascade declined in text form; `reference`: where that is on file."""

    lot_no: _Number
    reference: Annotated[str, OneLine(200, min_length=1)]


class CallOff(Details):
    """Call off from an agreement. `reference`: the member's own order number, as sent.

    seen_net_total: net EUR of the lines as they were shown; at another sum nothing is called off.
    """

    agreement_id: UUID
    lines: Annotated[tuple[CallLine, ...], Field(min_length=1, max_length=500)]
    reference: Annotated[str, OneLine(60)] = ""
    declined: Annotated[tuple[Declined, ...], Field(max_length=20)] = ()
    seen_net_total: NetCosts | None = None

    def on_file(self) -> dict[int, str]:
        """Lot -> where its partner's refusal is on file."""
        return {partner.lot_no: partner.reference for partner in self.declined}
