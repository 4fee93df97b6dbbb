"""What an order says beside its lines, and lines in words, as they may be sent."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.days import Day
from marktbund.money import Price, Rate
from marktbund.texts import OneLine
from orders.ground.commands import Command
from orders.ordering.domain.lines import FreeText
from orders.ordering.domain.terms import OrderTerms

_Number = Annotated[str, OneLine(60)]
_Short = Annotated[str, OneLine(100, min_length=1)]
_Purpose = Annotated[str, OneLine(1000)]
_Long = Annotated[str, OneLine(200)]
_Cpv = Annotated[str, Field(pattern="^[0-9]{8}$")]
_Unit = Annotated[str, Field(pattern="^[0-9A-Z]{2,3}$")]


class Account(Command):
    """Where it is booked, in the member's own numbers (Kostenstelle, Innenauftrag, HHSt.)."""

    cost_centre: _Number = ""
    internal_order: _Number = ""
    budget_line: _Number = ""

    def part(self) -> AccountAssignment | None:
        """The same for the domain; None when nothing is said."""
        numbers = self.model_dump()
        return AccountAssignment(**numbers) if any(numbers.values()) else None


class Place(Command):
    """An address of the body where goods are taken; country: ISO 3166-1, two letters."""

    name: _Short
    street: _Short
    postcode: Annotated[str, OneLine(12, min_length=1)]
    town: _Short
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "DE"
    note: _Long = ""
    receiving_hours: _Long = ""

    def part(self) -> DeliveryPlace:
        """The same for the domain."""
        return DeliveryPlace(**self.model_dump())


class Details(Command):
    """What an order says beside its lines.

    buyer_reference: what suppliers name on despatch and invoice (Leitweg-ID, cost centre). purpose:
    what it is bought for; names nobody.
    """

    account: Account | None = None
    delivery: Place | None = None
    buyer_reference: Annotated[str, OneLine(100)] = ""
    purpose: _Purpose = ""

    def into(self, terms: OrderTerms) -> OrderTerms:
        """Terms that say it too."""
        return replace(
            terms,
            account=self.account.part() if self.account else None,
            delivery=self.delivery.part() if self.delivery else None,
            buyer_reference=self.buyer_reference,
            purpose=self.purpose,
        )


class QuotedLine(Command):
    """What a registered supplier quoted in words. Price: net EUR per order unit; vat_rate: percent.

    cpv: the CPV 2008 class it counts in; order_unit: UN/ECE Rec 20. document_sha256: the quote,
    uploaded before.
    """

    supplier_id: UUID
    description: Annotated[str, OneLine(200, min_length=1)]
    article_number: _Number = ""
    cpv: _Cpv
    order_unit: _Unit
    unit_price_net: Price
    vat_rate: Rate
    document_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    quoted_on: Day

    def text(self) -> FreeText:
        """The same for the domain."""
        return FreeText(
            supplier_id=self.supplier_id,
            description=self.description,
            cpv=self.cpv,
            order_unit=self.order_unit,
            unit_price_net=self.unit_price_net,
            vat_rate=self.vat_rate,
            quote=LineQuote(document_sha256=self.document_sha256, quoted_on=self.quoted_on),
            article_number=self.article_number,
        )
