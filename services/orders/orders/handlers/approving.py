"""One approval step: what an approver decides, and the route checked again before placing."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.contracts.notices import OrderNotice
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.commands import DecideApproval
from orders.domain import SpotOrder, approvals
from orders.domain.approvals import Decided
from orders.domain.refusals import refusal
from orders.domain.routes import differs
from orders.handlers import giving_back, notices, placing, routing
from orders.store import buyers, decisions, spot_orders, supplier_orders


async def decide_approval(
    order_id: UUID, command: DecideApproval, actor: Actor, uow: UnitOfWork
) -> SpotOrder:
    """Approve, refuse or send back what was seen. Approved, the route is decided once more, and a
    different one is followed instead of placing. Raises Forbidden (`four_eyes`), Conflict
    (`content_changed`, `order_state`, a route's refusal).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    _, decision = await decisions.latest(uow, order_id)
    approvals.require_right(order, decision, actor.person_id, command.content_sha256)
    if command.verdict == "approve":
        await decisions.add_approval(uow, order_id, _decided(command, actor))
        return await _approve(order, decision, command, actor, uow)
    return await _turn_down(order, command, actor, uow)


def _decided(command: DecideApproval, actor: Actor) -> Decided:
    return Decided(command.verdict, actor.person_id, command.content_sha256, command.comment)


async def _turn_down(
    order: SpotOrder, command: DecideApproval, actor: Actor, uow: UnitOfWork
) -> SpotOrder:
    seen, comment = command.content_sha256, command.comment
    draft_id = None
    if command.verdict == "refuse":
        changed, news = approvals.refuse(order, actor.person_id, seen, comment)
    else:
        draft_id = new_id()
        changed, draft, news = approvals.send_back(order, actor.person_id, seen, comment, draft_id)
        await spot_orders.add(uow, draft)
    await decisions.add_approval(uow, order.order_id, _decided(command, actor), draft_id)
    await spot_orders.save(uow, changed, loaded_version=order.version)
    await placing.give_back(order, uow)
    await giving_back.whole_order(order, uow)
    uow.announce(*news)
    kind: OrderNotice = "order_refused" if command.verdict == "refuse" else "order_sent_back"
    await notices.tell_requester(kind, order, uow)
    return changed


async def _approve(
    order: SpotOrder,
    decision: RouteDecision,
    command: DecideApproval,
    actor: Actor,
    uow: UnitOfWork,
) -> SpotOrder:
    # What a call-off took of its ceilings is held since its submission: nothing to look at again.
    if order.order_kind != "call_off":
        buyer = await buyers.load(uow, order.member_id, order.terms.unit_id)
        again = await routing.recheck(order, decision, buyer, uow)
        if stop := refusal(again):
            raise stop
        if differs(decision, again):
            return await placing.go_on(order, order, again, "approval", uow)
    seen, comment = command.content_sha256, command.comment
    approved, news = approvals.approve(order, actor.person_id, seen, comment)
    placed, shares, more = approved.place(uow.business_now)
    await spot_orders.save(uow, placed, loaded_version=order.version)
    await supplier_orders.add(uow, shares)
    uow.announce(*news, *more)
    await notices.tell_requester("order_approved", order, uow)
    return placed
