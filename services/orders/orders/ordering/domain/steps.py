"""What a decided order does next, and what an award office makes of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.order_steps import (
    OffersAwaited,
    OffersRecorded,
    OrderAwarded,
    OrderHandedOver,
    OrderReleased,
    RouteDecided,
)
from marktbund.contracts.orders import AwardBasis
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision
from marktbund.errors import Conflict
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.supplier_orders import SupplierOrder

Next = tuple[SpotOrder, list[SupplierOrder], list[Message]]


def follow(order: SpotOrder, decision: RouteDecision, at: datetime) -> Next:
    """Take a submitted order as far as its decision lets it go; `at` is business time."""
    if decision.outcome == "hand_over":
        return hand_over(order, at)
    if decision.outcome == "request" and not decision.inputs.offers_obtained:
        return _await_offers(order, decision)
    if decision.approval_required:
        return order, [], []
    approved, news = order.approve()
    placed, shares, more = approved.place(at)
    return placed, shares, [*news, *more]


def hand_over(order: SpotOrder, at: datetime) -> Next:
    """Give the order to the member's award office, with everything known of it."""
    handed_over = order.after("hand_over")
    event = OrderHandedOver(
        version=handed_over.version,
        order_id=order.order_id,
        member_id=order.member_id,
        handed_over_at=at,
    )
    return handed_over, [], [event]


def _await_offers(order: SpotOrder, decision: RouteDecision) -> Next:
    waiting = order.after("await_offers")
    event = OffersAwaited(
        version=waiting.version,
        order_id=order.order_id,
        member_id=order.member_id,
        offers_asked=decision.offers_asked,
        offers_received=decision.offers_received,
        binding=decision.binding,
    )
    return waiting, [], [event]


def decided_anew(
    order: SpotOrder, decision: RouteDecision, occasion: Literal["approval", "offers", "release"]
) -> tuple[SpotOrder, list[Message]]:
    """Note that the route was decided again; the order stays where it stands."""
    changed = replace(order, version=order.version + 1)
    event = RouteDecided(
        version=changed.version,
        order_id=order.order_id,
        member_id=order.member_id,
        occasion=occasion,
        decision=decision,
    )
    return changed, [event]


def record_offers(
    order: SpotOrder, decision: RouteDecision, offers: Sequence[KeptOffer], by: UUID
) -> tuple[SpotOrder, list[Message]]:
    """Let a waiting order go on with the offers asked for and received.

    Raises Conflict (`offers_insufficient`) where too few were asked or answered, or a supplier
    stands there twice, and Conflict (`order_state`).
    """
    gone_on = order.after("go_on")
    asked = {offer.supplier_name.casefold() for offer in offers}
    received = sum(offer.kind == "received" for offer in offers)
    enough = len(asked) >= decision.offers_asked and received >= decision.offers_received
    if not enough or len(asked) < len(offers):
        raise Conflict(
            "offers_insufficient",
            "Zu wenige Angebote eingeholt",
            f"Nötig: {decision.offers_asked} voneinander unabhängige Unternehmen angefragt, "
            f"{decision.offers_received} Angebote eingegangen.",
            field="offers",
            way_out="Weitere Unternehmen anfragen oder mit Begründung freigeben.",
        )
    event = OffersRecorded(
        version=gone_on.version,
        order_id=order.order_id,
        member_id=order.member_id,
        offers=tuple(offers),
        recorded_by=by,
    )
    return gone_on, [event]


def release(order: SpotOrder, given: Release) -> tuple[SpotOrder, list[Message]]:
    """Let a draft or a waiting order go another way than its rules'. A draft announces nothing:
    its submission will. Raises Conflict (`order_state`).
    """
    if order.status == "draft":
        return replace(order, release=given), []
    gone_on = replace(order.after("go_on"), release=given)
    event = OrderReleased(
        version=gone_on.version,
        order_id=order.order_id,
        member_id=order.member_id,
        release=given,
    )
    return gone_on, [event]


def award(
    order: SpotOrder, result_order_id: UUID, basis: AwardBasis
) -> tuple[SpotOrder, list[Message]]:
    """End an order handed over: what the award office decided is an order of its own."""
    awarded = order.after("award")
    event = OrderAwarded(
        version=awarded.version,
        order_id=order.order_id,
        member_id=order.member_id,
        result_order_id=result_order_id,
        basis=basis,
    )
    return awarded, [event]
