"""Call-offs: checked, placed at pinned prices; what they take of ceilings, and give back."""

from dataclasses import replace

from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.agreements import CeilingEntry
from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    OrderSubmitted,
)
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.face import ports as agreements
from orders.agreements.face.values import Agreement, Call, Checked, check_call_off, refused
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import Routed, decision_on
from orders.ground.store import buyers
from orders.ordering.commands.call_offs import CallOff
from orders.ordering.domain.content import content_of
from orders.ordering.domain.seen import against_seen, require_seen
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import OrderTerms
from orders.ordering.handlers import notices
from orders.ordering.store import spot_orders, supplier_orders


async def check_call(command: CallOff, actor: Actor, uow: UnitOfWork) -> Checked:
    """Every reason against a call-off as things stand; nothing is kept, nothing is held.

    Raises NotFound (`agreement_unknown`).
    """
    _, checked = await _checked(command, actor, uow)
    if checked.reasons:
        return checked
    changed = against_seen(command.seen_net_total, checked.lines)
    return replace(checked, reasons=(changed,)) if changed else checked


async def _checked(command: CallOff, actor: Actor, uow: UnitOfWork) -> tuple[Agreement, Checked]:
    today = business_date(uow.business_now)
    agreement = await agreements.current_agreement(command.agreement_id, uow)
    calls = [Call(**line.model_dump()) for line in command.lines]
    numbers = [(call.lot_no, call.position_no) for call in calls]
    behind = await agreements.supply_of(uow, agreement.agreement_id, numbers, actor.member_id)
    behind = replace(behind, declined=command.on_file())
    return agreement, check_call_off(agreement, actor.member_id, calls, behind, today)


async def call_off(command: CallOff, actor: Actor, uow: UnitOfWork) -> SpotOrder:
    """Call off: placed at once, or waiting for an approver with its room reserved.

    Raises Conflict (`call_off_refused`) with every reason, `price_changed`; then nothing is kept.
    """
    buyer = await buyers.load(uow, actor.member_id)
    agreement, checked = await _checked(command, actor, uow)
    if checked.reasons:
        raise refused(checked.reasons)
    require_seen(command.seen_net_total, checked.lines)
    order = _order_of(command, agreement, actor)
    at = uow.business_now
    declined = command.on_file()
    decision = decision_on(
        agreement.agreement_id, agreement.number, checked.lines, declined, buyer, business_date(at)
    )
    routed = Routed(decision=decision)
    submitted, news = order.submit(checked.lines, actor.person_id, at, new_id, routed)
    after, shares, more = submitted.follow(decision, at)
    await spot_orders.add(uow, after)
    if shares:
        await supplier_orders.add(uow, shares)
    await awarding.add_decision(uow, order.order_id, decision, content_of(after, decision))
    # Last: many call-offs meet at these rows, and hold them until the commit.
    reserved = await agreements.reserve(
        uow, agreement.agreement_id, actor.member_id, order.order_id, checked.draws
    )
    uow.announce(*(_reserving(event, reserved) for event in news), *more)
    await notices.ask_approvers(after, uow)
    return after


def _order_of(command: CallOff, agreement: Agreement, actor: Actor) -> SpotOrder:
    return SpotOrder(
        order_id=new_id(),
        member_id=actor.member_id,
        acting_member_id=actor.acting_member_id,
        requester_id=actor.person_id,
        reference=command.reference,
        order_kind="call_off",
        agreement_id=agreement.agreement_id,
        terms=command.into(OrderTerms()),
    )


def _reserving(event: Message, reserved: tuple[CeilingEntry, ...]) -> Message:
    if isinstance(event, OrderSubmitted):
        return event.model_copy(update={"reserved": reserved})
    return event
