"""What may happen to an order between its submission and its placing. Announced by orders."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from marktbund.contracts.agreements import CeilingEntry
from marktbund.contracts.base import Part
from marktbund.contracts.orders import AwardBasis, OrderMessage
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision

Occasion = Literal["approval", "offers", "release"]
"""When an order that waited is looked at again: an approver, or the award office, lets it go on."""


class Hindrance(Part):
    """Why no contract can come into being now. Texts: German, for people; field: a JSON path."""

    code: str
    title: str
    detail: str = ""
    way_out: str = ""
    field: str = ""


class OrderRefused(OrderMessage):
    """An approver refused the order: it ends.

    occasion, hindrances: it was a call-off that could not be placed any more when `refused_by` let
    it go on. released: what a call-off gave back to its agreement's ceilings.
    """

    refused_by: UUID
    content_sha256: str
    comment: str
    occasion: Occasion | None = None
    hindrances: tuple[Hindrance, ...] = ()
    released: tuple[CeilingEntry, ...] = ()


class OrderSentBack(OrderMessage):
    """The order went back: it ends, its lines go on as a draft of the requester's.

    occasion null: an approver sent it back; else `sent_back_by` let it go on, and what it rested
    on did not hold any more: `hindrances` say what.
    """

    sent_back_by: UUID
    content_sha256: str
    comment: str
    draft_order_id: UUID
    occasion: Occasion | None = None
    hindrances: tuple[Hindrance, ...] = ()


class RouteDecided(OrderMessage):
    """The route was decided anew after submission; `occasion` says when."""

    occasion: Occasion
    decision: RouteDecision


class OffersAwaited(OrderMessage):
    """The order waits for the award office's request for offers."""

    offers_asked: int
    offers_received: int
    binding: bool


class OffersRecorded(OrderMessage):
    """The award office recorded who was asked and who answered."""

    offers: tuple[KeptOffer, ...]
    recorded_by: UUID


class OrderReleased(OrderMessage):
    """The award office let a waiting order go on another way, with its reason."""

    release: Release


class OrderHandedOver(OrderMessage):
    """The order went to the member's own award office as an award request (Vergabeantrag)."""

    handed_over_at: datetime


class OrderAwarded(OrderMessage):
    """The award office's procedure ended; its result is an order of its own."""

    result_order_id: UUID
    basis: AwardBasis
