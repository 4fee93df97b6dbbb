"""What services are sent, as they take it. Numbers are text: digits and a point, no exponent."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """The body of a request; what was not said is left out of its JSON."""

    model_config = ConfigDict(frozen=True)

    def as_json(self) -> str:
        """The body as it is sent."""
        return self.model_dump_json(exclude_unset=True)


class AccountBody(Body):
    """Where an order is booked, in the member's own numbers."""

    cost_centre: str = ""
    internal_order: str = ""
    budget_line: str = ""


class PlaceBody(Body):
    """Where goods go. country: ISO 3166-1."""

    name: str
    street: str
    postcode: str
    town: str
    country: str = "DE"
    note: str = ""
    receiving_hours: str = ""


class DetailsBody(Body):
    """What an order says beside its lines."""

    account: AccountBody | None = None
    delivery: PlaceBody | None = None
    buyer_reference: str = ""
    purpose: str = ""


class QuotedLineBody(Body):
    """What a supplier quoted in words. unit_price_net: EUR per order unit; vat_rate: per cent."""

    supplier_id: str
    quoted_on: str
    document_sha256: str
    description: str
    article_number: str
    order_unit: str
    unit_price_net: str
    vat_rate: str
    cpv: str


class LineBody(Body):
    """An article, or what was quoted in words, and how many of its order units."""

    article_id: str = ""
    quantity: str
    free_text: QuotedLineBody | None = None
    requested_delivery_date: str = ""


class OrderBody(DetailsBody):
    """An order. seen_net_total: net EUR of the lines as they were shown."""

    reference: str = ""
    lines: tuple[LineBody, ...]
    reason_beside_agreement: str = ""
    reason_without_offers: str = ""
    seen_net_total: str = ""

    def beside(self, details: DetailsBody) -> "OrderBody":
        """The same order with these details; what they do not say stays unsaid."""
        given = {name: getattr(details, name) for name in details.model_fields_set}
        return self.model_copy(update=given)


class CancellationBody(Body):
    """Why an order is taken back, as a code of orders."""

    reason: str


class VerdictBody(Body):
    """What an approver decides on which content."""

    verdict: str
    content_sha256: str
    comment: str


class OfferBody(Body):
    """Who was asked; net_total (EUR) and quoted_on (JJJJ-MM-TT) where an offer came."""

    supplier_name: str
    net_total: str = ""
    quoted_on: str = ""


class OffersBody(Body):
    """Who was asked and who answered."""

    offers: tuple[OfferBody, ...]


class ReleaseBody(Body):
    """Why an order goes on without offers. code: as orders calls the reason."""

    code: str
    reason: str


class AwardedLineBody(Body):
    """What was awarded of a line; unit_price_net (EUR) where it is not the article's of now."""

    article_id: str
    quantity: str
    unit_price_net: str = ""


class AwardBody(Body):
    """An award office's result. file_reference: the number of its own file."""

    procedure: str
    file_reference: str
    lines: tuple[AwardedLineBody, ...]


class ColleagueBody(Body):
    """Somebody new at a member."""

    email: str
    roles: tuple[str, ...]


class CommentBody(Body):
    """What is said with a decision."""

    comment: str


class GrantBody(Body):
    """A role for somebody."""

    person_id: str
    role: str
    member_id: str


class RevocationBody(Body):
    """A role that somebody loses."""

    role: str
    member_id: str


class NoticesBody(Body):
    """The kinds of notices a person does not want as mail."""

    unwanted: tuple[str, ...]


class ResponseLineBody(Body):
    """A supplier's word on a line; quantity and price (EUR net) where they are not as ordered."""

    line_no: int
    decision: str
    quantity: str = ""
    unit_price_net: str = ""
    promised_date: str = ""


class ResponseBody(Body):
    """A supplier's answer."""

    lines: tuple[ResponseLineBody, ...]


class DespatchLineBody(Body):
    """How much of a line was sent."""

    line_no: int
    quantity: str


class DespatchBody(Body):
    """Goods sent off on a day (JJJJ-MM-TT)."""

    despatched_on: str
    lines: tuple[DespatchLineBody, ...]


class AskedEntitlementBody(Body):
    """A member that may call off; days JJJJ-MM-TT, entitled_to null: to the agreement's end."""

    member_id: str
    entitled_from: str
    entitled_to: str | None
    basis: str


class AskedCeilingBody(Body):
    """Most that may be called off: net EUR, order units. member_id null: all together."""

    member_id: str | None
    value_net: str | None
    quantity: str | None


class EntitlementContentBody(Body):
    """Enter a member as entitled, or give its entitlement an end."""

    kind: Literal["entitlement"]
    entitlement: AskedEntitlementBody


class PriceContentBody(Body):
    """Pin another price, net EUR per order unit."""

    kind: Literal["price"]
    lot_no: int
    position_no: int
    unit_price_net: str


class CeilingContentBody(Body):
    """Raise a ceiling, by a paragraph of § 132 GWB, or lower it."""

    kind: Literal["ceiling"]
    lot_no: int
    ceiling: AskedCeilingBody
    raise_ground: str | None


class TermContentBody(Body):
    """Another last day."""

    kind: Literal["term"]
    ends_on: str


class SuccessorContentBody(Body):
    """Another article for a position."""

    kind: Literal["successor"]
    lot_no: int
    position_no: int
    article_id: str


ContentBody = (
    EntitlementContentBody
    | PriceContentBody
    | CeilingContentBody
    | TermContentBody
    | SuccessorContentBody
)
"""What a change of an agreement does."""


class ChangeBody(Body):
    """A change of an agreement from a day on. basis: clause or reason, for the file."""

    effective_on: str
    basis: str
    content: ContentBody


class DecisionBody(Body):
    """What the procurement team decides on a proposal, with its reason."""

    decision: str
    reason: str


class ReasonBody(Body):
    """Why a tender ends without a result."""

    reason: str


class EntitledMemberBody(Body):
    """A member that may call off, from a day on."""

    member_id: str
    entitled_from: str


class WonPositionBody(Body):
    """A priced position: net EUR per order unit, quantity over the whole term."""

    position_no: int
    comparable_group: str
    description: str
    order_unit: str
    unit_price_net: str | None
    quantity: str | None


class WonLotBody(Body):
    """What a supplier won; ceilings over the whole term, null: none."""

    lot_no: int
    title: str
    supplier_id: str
    ceiling_value_net: str | None
    ceiling_quantity: str | None
    positions: tuple[WonPositionBody, ...]


class TenderResultBody(Body):
    """A tender's result; days JJJJ-MM-TT, both inclusive."""

    awarded_on: str
    starts_on: str
    ends_on: str
    binding: str
    entitled: tuple[EntitledMemberBody, ...]
    lots: tuple[WonLotBody, ...]
