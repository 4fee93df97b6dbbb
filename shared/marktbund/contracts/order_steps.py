"""What may happen to an order between its submission and its placing. Announced by orders."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from marktbund.contracts.orders import AwardBasis, OrderMessage
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision


class OrderRefused(OrderMessage):
    """An approver refused the order: it ends."""

    refused_by: UUID
    content_sha256: str
    comment: str


class OrderSentBack(OrderMessage):
    """An approver sent the order back: it ends, its lines go on as a draft of the requester's."""

    sent_back_by: UUID
    content_sha256: str
    comment: str
    draft_order_id: UUID


class RouteDecided(OrderMessage):
    """The route was decided anew after submission; `occasion` says when."""

    occasion: Literal["approval", "offers", "release"]
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
