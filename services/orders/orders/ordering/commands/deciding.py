"""What approvers and award offices can ask for."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from marktbund.commands import Command
from marktbund.days import Day
from marktbund.money import NetCosts, Price, Quantity
from marktbund.texts import OneLine
from orders.ordering.commands.orders import MAX_LINES

Text = Annotated[str, OneLine(1000)]
Required = Annotated[str, OneLine(1000, min_length=1)]
Name = Annotated[str, OneLine(200, min_length=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class DecideApproval(Command):
    """Approve, refuse or send back what was seen under this hash; the latter two say why."""

    verdict: Literal["approve", "refuse", "send_back"]
    content_sha256: Sha256
    comment: Text = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.verdict != "approve" and not self.comment:
            raise ValueError("a comment is needed")
        return self


class AskedOffer(Command):
    """A supplier asked for an offer; with `net_total` its answer, net EUR for the whole order."""

    supplier_name: Name
    supplier_id: UUID | None = None
    net_total: NetCosts | None = None
    quoted_on: Day | None = None
    document_sha256: Sha256 | None = None


class RecordOffers(Command):
    """Who was asked and who answered; suppliers independent of one another, each once."""

    offers: Annotated[tuple[AskedOffer, ...], Field(max_length=50)]


class ReleaseOrder(Command):
    """Let an order go another way than its rules', with the reason for the file."""

    code: Literal["fixed_price", "single_supplier", "urgency", "no_comparable_offer", "other"]
    reason: Required


class AwardedLine(Command):
    """A line of an award; without a price the article's of now. Price: net EUR per order unit."""

    article_id: UUID
    quantity: Quantity
    unit_price_net: Price | None = None
    requested_delivery_date: Day | None = None


class RecordAward(Command):
    """What the award office's procedure ended with; without lines those handed over."""

    procedure: Literal["open", "restricted", "negotiated", "direct_urgent", "other"]
    file_reference: Name
    lines: Annotated[tuple[AwardedLine, ...], Field(max_length=MAX_LINES)] = ()
