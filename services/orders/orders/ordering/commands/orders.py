"""What a requester can ask for: lines, and what an order says beside them."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from marktbund.commands import Command
from marktbund.contracts.order_details import AccountAssignment, DeliveryPlace, LineQuote
from marktbund.contracts.orders import CancelReason
from marktbund.contracts.routes import GrantCondition, KeptOffer
from marktbund.days import Day
from marktbund.ids import new_id
from marktbund.money import NetCosts, Price, Quantity, Rate
from marktbund.texts import OneLine
from orders.awarding.face.values import DescribedNeed, NeedTerms
from orders.ordering.domain.lines import FreeText, Wanted
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


Reason = Annotated[str, OneLine(1000)]
MAX_LINES = 500
"""Most lines of one order; an event of so many lines still fits into one record."""


class WantedLine(Command):
    """An article and how many of its order units, or free text: what a supplier quoted.

    account: where this line is booked, if not where its order is.
    """

    article_id: UUID | None = None
    quantity: Quantity
    requested_delivery_date: Day | None = None
    free_text: QuotedLine | None = None
    account: Account | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.article_id is None) == (self.free_text is None):
            raise ValueError("either article_id or free_text")
        return self

    def wanted(self) -> Wanted:
        """The same for the domain; free text draws an id of its own."""
        return Wanted(
            article_id=self.article_id or new_id(),
            quantity=self.quantity,
            requested_delivery_date=self.requested_delivery_date,
            free_text=self.free_text.text() if self.free_text else None,
            account=self.account.part() if self.account else None,
        )


class Quote(Command):
    """An offer brought along from outside the marketplace, for the whole order, net EUR."""

    supplier_name: Annotated[str, OneLine(200, min_length=1)]
    net_total: NetCosts
    quoted_on: Day
    document_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class Granted(GrantCondition):
    """A grant's condition as entered."""

    title: Annotated[str, OneLine(200, min_length=1)]


class CheckRoute(Details):
    """A cart. `reference`: the member's own order number, as sent.

    side_costs_net: freight and surcharges, net EUR. need, or need_id of one written down before;
    neither: a one-off need worth this order.
    """

    lines: Annotated[tuple[WantedLine, ...], Field(min_length=1, max_length=MAX_LINES)]
    reference: Annotated[str, OneLine(60)] = ""
    need: DescribedNeed | None = None
    need_id: UUID | None = None
    side_costs_net: NetCosts = Decimal(0)
    unit_id: UUID | None = None
    grant: Granted | None = None
    quotes: Annotated[tuple[Quote, ...], Field(max_length=20)] = ()
    reason_beside_agreement: Reason = ""
    reason_without_offers: Reason = ""

    @model_validator(mode="after")
    def _one_need(self) -> Self:
        if self.need is not None and self.need_id is not None:
            raise ValueError("need and need_id exclude each other")
        return self

    def terms(self) -> OrderTerms:
        """All but the lines, for the domain."""
        terms = OrderTerms(
            need=self.need.terms() if self.need else NeedTerms(),
            need_id=self.need_id,
            side_costs_net=self.side_costs_net,
            unit_id=self.unit_id,
            grant=self.grant,
            quotes=tuple(KeptOffer(kind="external", **quote.model_dump()) for quote in self.quotes),
            reason_beside_agreement=self.reason_beside_agreement,
            reason_without_offers=self.reason_without_offers,
        )
        return self.into(terms)


class CreateOrder(CheckRoute):
    """Order, or with `draft` keep a cart. seen_net_total: net EUR of the lines as they were shown;
    at another sum nothing is ordered.
    """

    draft: bool = False
    seen_net_total: NetCosts | None = None


class SubmitOrder(CheckRoute):
    """Send a draft off, with other lines if any are named, and whatever else is named."""

    lines: Annotated[tuple[WantedLine, ...], Field(max_length=MAX_LINES)] = ()
    seen_net_total: NetCosts | None = None

    def changed(self) -> set[str]:
        """What is named of the order's content."""
        return self.model_fields_set - {"seen_net_total"} - (set() if self.lines else {"lines"})


class CancelOrder(Command):
    """Take an order back as far as no supplier has answered."""

    reason: CancelReason = "no_longer_needed"
