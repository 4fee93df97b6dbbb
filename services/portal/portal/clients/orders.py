"""Doors of orders to who orders, approves and awards. All raise Refused and Unavailable."""

from collections.abc import AsyncIterator
from uuid import UUID

from marktbund.contracts.http.orders import (
    AttachmentAnswer,
    CircumstancesAnswer,
    OrderAnswer,
    OrderReceiptAnswer,
    OrderSettlementAnswer,
    OrderStatus,
    OrderSummaryAnswer,
    RouteDecisionAnswer,
    WaitingAnswer,
    WaitingApprovalAnswer,
)
from portal.clients.bodies import (
    AwardBody,
    Body,
    CancellationBody,
    OffersBody,
    OrderBody,
    ReleaseBody,
    VerdictBody,
)
from portal.clients.services import Caller, Document, Question, Services
from portal.domain.keys import at_door

_ORDERS = "orders"


async def orders(
    services: Services,
    caller: Caller,
    limit: int,
    after: UUID | None = None,
    status: tuple[OrderStatus, ...] = (),
) -> list[OrderSummaryAnswer]:
    """A member's orders, newest first; status: in one of these only, empty: in any."""
    question: Question = {"limit": limit, "after": after, "status": status}
    return await services.read(caller, _ORDERS, "/orders", list[OrderSummaryAnswer], question)


async def approvals(
    services: Services, caller: Caller, limit: int, after: UUID | None = None
) -> list[WaitingApprovalAnswer]:
    """What waits for an approver, oldest first."""
    question: Question = {"limit": limit, "after": after}
    return await services.read(caller, _ORDERS, "/approvals", list[WaitingApprovalAnswer], question)


async def waiting(services: Services, caller: Caller) -> WaitingAnswer:
    """How much waits at a member."""
    return await services.read(caller, _ORDERS, "/waiting", WaitingAnswer)


async def order(services: Services, caller: Caller, order_id: UUID) -> OrderAnswer:
    """An order with everything known of it."""
    return await services.read(caller, _ORDERS, f"/orders/{order_id}", OrderAnswer)


async def circumstances(services: Services, caller: Caller, order_id: UUID) -> CircumstancesAnswer:
    """What stands beside an order's lines."""
    path = f"/orders/{order_id}/circumstances"
    return await services.read(caller, _ORDERS, path, CircumstancesAnswer)


async def check_route(services: Services, caller: Caller, body: OrderBody) -> RouteDecisionAnswer:
    """What would become of an order; nothing is kept or held."""
    return await services.check_body(caller, _ORDERS, "/route-checks", RouteDecisionAnswer, body)


async def send(
    services: Services, caller: Caller, door: str, content: str, key: str
) -> OrderReceiptAnswer:
    """Send an order off through one of its doors. content: its body as JSON."""
    return await services.change(caller, _ORDERS, door, OrderReceiptAnswer, content, key=key)


async def settle(services: Services, caller: Caller, key: str) -> OrderSettlementAnswer:
    """What came of the order sent under a key; of one that never arrived nothing comes any more."""
    path = f"/keys/{key}/settlement"
    return await services.change(caller, _ORDERS, path, OrderSettlementAnswer, key=key)


async def submit(services: Services, caller: Caller, order_id: UUID, key: str) -> None:
    """Send a draft off as it is."""
    await _change(services, caller, order_id, "submission", None, key)


async def cancel(
    services: Services, caller: Caller, order_id: UUID, body: CancellationBody, key: str
) -> None:
    """Take an order back as far as no supplier has answered."""
    await _change(services, caller, order_id, "cancellation", body, key)


async def decide(
    services: Services, caller: Caller, order_id: UUID, body: VerdictBody, key: str
) -> None:
    """Approve, refuse or send an order back."""
    await _change(services, caller, order_id, "approval", body, key)


async def record_offers(
    services: Services, caller: Caller, order_id: UUID, body: OffersBody, key: str
) -> None:
    """Write down who was asked for an offer and who answered."""
    await _change(services, caller, order_id, "offers", body, key)


async def release(
    services: Services, caller: Caller, order_id: UUID, body: ReleaseBody, key: str
) -> None:
    """Let an order go on without offers."""
    await _change(services, caller, order_id, "release", body, key)


async def award(
    services: Services, caller: Caller, order_id: UUID, body: AwardBody, key: str
) -> OrderReceiptAnswer:
    """Write down a procedure's result, which becomes an order of its own."""
    path, content = f"/orders/{order_id}/award", body.as_json()
    kind, at = OrderReceiptAnswer, at_door(key, path)
    return await services.change(caller, _ORDERS, path, kind, content, key=at)


async def award_request(services: Services, caller: Caller, order_id: UUID) -> Document:
    """An order's award request as it is, for an e-procurement system."""
    return await services.fetch(caller, _ORDERS, f"/orders/{order_id}/award-request")


async def attach(
    services: Services, caller: Caller, content: AsyncIterator[bytes]
) -> AttachmentAnswer:
    """Hand a document over."""
    return await services.send_file(caller, _ORDERS, "/attachments", AttachmentAnswer, content)


async def attachment(services: Services, caller: Caller, sha256: str) -> Document:
    """A document handed over before."""
    return await services.fetch(caller, _ORDERS, f"/attachments/{sha256}")


async def _change(
    services: Services, caller: Caller, order_id: UUID, door: str, body: Body | None, key: str
) -> None:
    # Nothing of the answer is shown: the page is drawn anew.
    path = f"/orders/{order_id}/{door}"
    content = body.as_json() if body is not None else ""
    await services.post(caller, _ORDERS, path, content, key=at_door(key, path))
