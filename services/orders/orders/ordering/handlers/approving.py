"""One approval step: what an approver decides, and everything looked at again before placing."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import Decided, differs
from orders.ordering.commands.deciding import DecideApproval
from orders.ordering.domain import approvals
from orders.ordering.domain.approvals import Progress
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.handlers import notices, placing
from orders.ordering.handlers.looking_again import judge_again
from orders.ordering.handlers.turning_down import turn_back, turn_down
from orders.ordering.store import spot_orders, supplier_orders


async def decide_approval(
    order_id: UUID, command: DecideApproval, actor: Actor, uow: UnitOfWork
) -> Progress:
    """Approve, refuse or send back what was seen. Approved, everything the order rests on is looked
    at again: it goes back if that does not hold or its route does not let it go on any more; a
    route that became a different one is followed instead of placing. Raises Forbidden
    (`four_eyes`), Conflict (`content_changed`, `order_state`).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    kept = await awarding.latest_decision(uow, order_id)
    decision = kept.decision
    approvals.require_right(order, kept, actor.person_id, command.content_sha256)
    decided = Decided(command.verdict, actor.person_id, command.content_sha256, command.comment)
    if command.verdict != "approve":
        return await turn_down(order, order, decided, uow)
    again, reasons = await judge_again(order, decision, uow)
    if reasons:
        by = actor.person_id
        return await turn_back(order, order, decision, "approval", by, reasons, uow)
    await awarding.add_approval(uow, order_id, decided)
    if again is not None and differs(decision, again):
        return Progress(await placing.go_on(order, order, again, "approval", uow))
    return Progress(await _place(order, decided, uow))


async def _place(order: SpotOrder, decided: Decided, uow: UnitOfWork) -> SpotOrder:
    approved, news = order.approve(decided)
    placed, shares, more = approved.place(uow.business_now)
    await spot_orders.save(uow, placed, loaded_version=order.version)
    await supplier_orders.add(uow, shares)
    uow.announce(*news, *more)
    await notices.tell_requester("order_approved", order, uow)
    return placed
