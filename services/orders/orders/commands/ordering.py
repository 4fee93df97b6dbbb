"""What a requester can ask for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from marktbund.contracts.orders import CancelReason
from marktbund.money import Quantity
from marktbund.texts import ONE_LINE
from orders.commands.base import Command

MAX_LINES = 500
"""Most lines of one order; an event of so many lines still fits into one record."""


class WantedLine(Command):
    """An article and how many of its order units."""

    article_id: UUID
    quantity: Quantity
    requested_delivery_date: date | None = None


class CreateOrder(Command):
    """Order, or with `draft` keep a cart. `reference`: the member's own order number, as sent."""

    lines: Annotated[tuple[WantedLine, ...], Field(min_length=1, max_length=MAX_LINES)]
    reference: Annotated[str, Field(max_length=60, pattern=ONE_LINE)] = ""
    draft: bool = False


class CancelOrder(Command):
    """Take an order back as far as no supplier has answered."""

    reason: CancelReason = "no_longer_needed"
