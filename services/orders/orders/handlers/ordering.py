"""Ordering: keep a draft, send it off, take it back."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from orders.commands import CancelOrder, CheckRoute, CreateOrder, SubmitOrder
from orders.domain import SpotOrder
from orders.domain.attachments import documents_of
from orders.domain.dates import require_quoted
from orders.domain.placing import Facts, cart_of, route
from orders.handlers import freeing, giving_back, placing
from orders.store import attachments, spot_orders, supplier_orders


def asked(command: CheckRoute, member_id: UUID) -> tuple[Clause, ...]:
    """The questions an order of this member begins with."""
    wanted = [line.wanted() for line in command.lines]
    return placing.asked_facts(member_id, wanted, command.terms())


async def create_order(
    command: CreateOrder,
    actor: Actor,
    uow: UnitOfWork,
    known: Row[Any] | None = None,
    answering: placing.Answering | None = None,
) -> SpotOrder:
    """Keep a draft, or order: as far as its route leads, in one transaction.

    known: the answers to `asked`, where somebody asked. answering: called with what is kept, so
    that its answer is kept with it.
    """
    order = _order_of(command, actor)
    facts = None if known is None else placing.facts_of(known, order)
    if command.draft:
        return await _keep_draft(order, uow, facts, answering)
    sent = await placing.send_off(order, actor.person_id, uow, command.seen_net_total, facts)
    kept = spot_orders.adding(sent.order, uow.business_now, sent.cart.pots)
    await placing.keep(sent, kept, uow, answering)
    return sent.order


async def _keep_draft(
    order: SpotOrder, uow: UnitOfWork, facts: Facts | None, answering: placing.Answering | None
) -> SpotOrder:
    require_quoted(order.terms.quotes, business_date(uow.business_now), "quotes")
    await attachments.require(uow, order.member_id, _documents(order))
    facts = facts or await placing.gather_facts(uow, order)
    facts.buyer.require_able()
    if answering is not None:
        answering(order)
    await uow.write(*spot_orders.adding(order, uow.business_now))
    return order


async def check_route(command: CheckRoute, actor: Actor, uow: UnitOfWork) -> RouteDecision:
    """What would become of a cart if it were sent off now; nothing is kept, nothing is held."""
    order = _order_of(command, actor)
    await attachments.require(uow, order.member_id, _documents(order))
    today = business_date(uow.business_now)
    facts = await placing.gather_facts(uow, order)
    cart = cart_of(order, facts, today, None, new_id)
    sums = await placing.gather_sums(order, cart, facts, uow)
    return route(order, cart, sums, today)[0]


def _documents(order: SpotOrder) -> dict[str, str]:
    return documents_of(order.wanted, order.terms.quotes)


def _order_of(command: CheckRoute, actor: Actor) -> SpotOrder:
    return SpotOrder(
        order_id=new_id(),
        member_id=actor.member_id,
        acting_member_id=actor.acting_member_id,
        requester_id=actor.person_id,
        reference=command.reference,
        wanted=tuple(line.wanted() for line in command.lines),
        terms=command.terms(),
    )


async def submit_order(
    order_id: UUID, actor: Actor, uow: UnitOfWork, command: SubmitOrder | None = None
) -> SpotOrder:
    """Send a draft off; it goes as far as its route leads. command: its lines replace the draft's,
    and so does whatever else it names. Whoever sends it off is its requester from then on.
    """
    draft = await spot_orders.load(uow, order_id, actor.member_id)
    changed = command.changed() if command else set()
    if command is None or not changed:
        draft = draft.sent_by(actor.person_id)
    else:
        cart = _order_of(command, actor)
        wanted = cart.wanted if "lines" in changed else draft.wanted
        terms = draft.terms.revised(cart.terms, changed)
        reference = cart.reference if "reference" in changed else draft.reference
        draft = draft.revised(wanted, terms, reference, actor.person_id)
    seen = command.seen_net_total if command else None
    sent = await placing.send_off(draft, actor.person_id, uow, seen)
    await spot_orders.save(uow, sent.order, loaded_version=draft.version, pots=sent.cart.pots)
    await placing.keep(sent, (), uow)
    return sent.order


async def cancel_order(
    order_id: UUID, command: CancelOrder, actor: Actor, uow: UnitOfWork
) -> SpotOrder:
    """Take an order back as far as no supplier has answered; its room is free again."""
    order = await spot_orders.load(uow, order_id, actor.member_id)
    shares = await supplier_orders.load_of_order(uow, order_id)
    changed, cancelled, news = order.cancel(shares, actor.person_id, command.reason)
    await spot_orders.save(uow, changed, loaded_version=order.version)
    before = {share.supplier_order_id: share for share in shares}
    for share in cancelled:
        await supplier_orders.save(uow, share, before[share.supplier_order_id])
    only = [share.supplier_order_id for share in cancelled]
    await freeing.give_back(order, uow, None if changed.status == "cancelled" else only)
    if shares:
        pairs = [(before[share.supplier_order_id], share) for share in cancelled]
        released = await giving_back.shares(pairs, uow)
    else:
        released = await giving_back.whole_order(order, uow)
    uow.announce(*(giving_back.told(event, released) for event in news))
    return changed
