"""One approval step: what an approver decides, and everything looked at again before placing."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.contracts.routes import RouteDecision
from marktbund.unit_of_work import UnitOfWork
from orders.commands import DecideApproval
from orders.domain import Buyer, SpotOrder, approvals
from orders.domain.approvals import Decided, Progress
from orders.domain.refusals import refusal
from orders.domain.routes import differs
from orders.handlers import notices, placing, routing
from orders.handlers.looking_again import look_again
from orders.handlers.turning_down import turn_back, turn_down
from orders.store import decisions, spot_orders, supplier_orders


async def decide_approval(
    order_id: UUID, command: DecideApproval, actor: Actor, uow: UnitOfWork
) -> Progress:
    """Approve, refuse or send back what was seen. Approved, everything the order rests on is looked
    at again: it goes back if that does not hold; a route that became a different one is followed
    instead of placing. Raises Forbidden (`four_eyes`), Conflict (`content_changed`, `order_state`,
    a route's refusal).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    _, decision = await decisions.latest(uow, order_id)
    approvals.require_right(order, decision, actor.person_id, command.content_sha256)
    decided = Decided(command.verdict, actor.person_id, command.content_sha256, command.comment)
    if command.verdict != "approve":
        return await turn_down(order, order, decided, uow)
    buyer, reasons = await look_again(order, uow)
    if reasons:
        by = actor.person_id
        return await turn_back(order, order, decision, "approval", by, reasons, uow)
    await decisions.add_approval(uow, order_id, decided)
    return Progress(await _approve(order, decision, decided, buyer, uow))


async def _approve(
    order: SpotOrder, decision: RouteDecision, decided: Decided, buyer: Buyer, uow: UnitOfWork
) -> SpotOrder:
    # A call-off was awarded with its agreement: it has no route that could be another now.
    if order.order_kind != "call_off":
        again = await routing.recheck(order, decision, buyer, uow)
        if stop := refusal(again):
            raise stop
        if differs(decision, again):
            return await placing.go_on(order, order, again, "approval", uow)
    approved, news = approvals.approve(order, decided)
    placed, shares, more = approved.place(uow.business_now)
    await spot_orders.save(uow, placed, loaded_version=order.version)
    await supplier_orders.add(uow, shares)
    uow.announce(*news, *more)
    await notices.tell_requester("order_approved", order, uow)
    return placed
