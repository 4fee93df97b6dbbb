"""What supplier-gateway can be asked to do, parsed and valid."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from marktbund.commands import Command
from marktbund.contracts.supplier_gateway import LineDecision, SupplierStatus
from marktbund.days import Day
from marktbund.money import MAX_QUANTITY, Digits, Price, Quantity
from marktbund.texts import OneLine

Name = Annotated[str, OneLine(200, min_length=1)]
Sub = Annotated[str, OneLine(200, min_length=1)]
LineNo = Annotated[int, Field(ge=0, le=2_147_483_647)]
QuantityOrNone = Annotated[
    Decimal, Field(ge=0, le=MAX_QUANTITY, max_digits=10, decimal_places=3), Digits
]


class RegisterSupplier(Command):
    """Enter a supplier in the register."""

    name: Name


class ReplaceCredentials(Command):
    """Say which token subjects speak for a supplier, all of them; none shuts its doors."""

    subs: Annotated[tuple[Sub, ...], Field(max_length=50)]


class ChangeSupplierStatus(Command):
    """Suspend, reinstate or let go."""

    status: SupplierStatus


class RegisterChannel(Command):
    """Push a supplier's documents to this address; https, without account or fragment."""

    url: Annotated[str, OneLine(2000, min_length=1)]


class AnswerLine(Command):
    """A supplier's word on one line; unit_price_net in net EUR per order unit.

    What is left out stays as ordered; a refusal names neither quantity nor price nor date.
    """

    line_no: LineNo
    decision: LineDecision
    quantity: QuantityOrNone | None = None
    unit_price_net: Price | None = None
    promised_date: Day | None = None


class AnswerOrder(Command):
    """Accept, change or refuse lines; those not named stay open."""

    lines: Annotated[tuple[AnswerLine, ...], Field(min_length=1, max_length=1000)]


class SendLine(Command):
    """How much of a line was sent off, in its order unit."""

    line_no: LineNo
    quantity: Quantity


class AdviseDespatch(Command):
    """Tell which goods were sent off, and when."""

    despatched_on: Day
    lines: Annotated[tuple[SendLine, ...], Field(min_length=1, max_length=1000)]
