"""What approvers and award offices decide on: their work lists, one order with all facts."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.http.orders import (
    CircumstancesAnswer,
    OrderAnswer,
    OrderStatus,
    OrderSummaryAnswer,
    WaitingAnswer,
    WaitingApprovalAnswer,
)
from portal.clients import orders
from portal.clients.bodies import OrderBody
from portal.clients.services import Caller, Refused, Services
from portal.domain import keys
from portal.domain.sums import Sums, sums_of_order
from portal.pages.views.orders import SupplierLines, by_supplier
from portal.pages.views.visits import Visit
from portal.words.routes import Route, route_of

PAGE = 50
AT_THE_OFFICE: tuple[OrderStatus, ...] = ("awaiting_offers", "handed_over")


@dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """What waits for an approver. count: how much in all; next_after: None on the last page."""

    orders: list[WaitingApprovalAnswer]
    count: int
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class AwardsPage:
    """What waits for the award office, and how much of what; next_after: None on the last page."""

    orders: list[OrderSummaryAnswer]
    waiting: WaitingAnswer
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class Case:
    """An order with all facts to decide on; `own`: the person looking is its requester."""

    order: OrderAnswer
    beside: CircumstancesAnswer
    route: Route | None
    own: bool
    by_supplier: tuple[SupplierLines, ...]
    sums: Sums | None


async def approvals(services: Services, caller: Caller, after: UUID | None) -> ApprovalsPage:
    """A page of what waits for an approver, oldest first."""
    shown, waiting = await asyncio.gather(
        orders.approvals(services, caller, PAGE, after), orders.waiting(services, caller)
    )
    last = shown[-1].order_id if len(shown) == PAGE else None
    return ApprovalsPage(shown, waiting.submitted, last)


async def awards(services: Services, caller: Caller, after: UUID | None) -> AwardsPage:
    """A page of what waits for the award office, newest first."""
    shown, waiting = await asyncio.gather(
        orders.orders(services, caller, PAGE, after, AT_THE_OFFICE),
        orders.waiting(services, caller),
    )
    last = shown[-1].order_id if len(shown) == PAGE else None
    return AwardsPage(shown, waiting, last)


async def case(services: Services, visit: Visit, order_id: UUID) -> Case:
    """An order with all facts to decide on."""
    order, beside = await asyncio.gather(
        orders.order(services, visit.caller, order_id),
        orders.circumstances(services, visit.caller, order_id),
    )
    return Case(
        order=order,
        beside=beside,
        route=route_of(order.decision, order.order_id) if order.decision else None,
        own=beside.requester_id == visit.person_id,
        by_supplier=by_supplier(order.lines),
        sums=sums_of_order(order.lines),
    )


def key_of(visit: Visit, order: OrderAnswer) -> str:
    """The key of what is decided here: it lasts while this content waits in this status."""
    offers = [offer.model_dump(mode="json") for offer in order.offers]
    state = (str(order.order_id), order.status, order.content_sha256, offers)
    return keys.key_of(visit.session.sub, *state)


async def checked(services: Services, caller: Caller, body: OrderBody) -> tuple[Route | None, str]:
    """What would become of a cart, or why that cannot be said; nothing is kept or held. Raises
    Unavailable.
    """
    try:
        decision = await orders.check_route(services, caller, body)
    except Refused as refused:
        return None, refused.sentence
    return route_of(decision), ""
