"""Ordering: keep a draft, send it off, follow its decision, take it back: gather, decide, write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal
from uuid import UUID

from marktbund import statements
from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.statements import Answers, Clause
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.face import ports as agreements
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import require_need
from orders.ground.domain.articles import require_quoted
from orders.ground.store import buyers
from orders.ground.store.locks import HELD
from orders.ordering.commands.orders import CancelOrder, CheckRoute, CreateOrder, SubmitOrder
from orders.ordering.domain import placing
from orders.ordering.domain.content import content_of
from orders.ordering.domain.lines import Wanted, documents_of, require_known
from orders.ordering.domain.placing import Cart, CartSums, Facts, Sent
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import OrderTerms
from orders.ordering.handlers import giving_back, notices
from orders.ordering.store import attachments, spot_orders, supplier_orders

Answering = Callable[[SpotOrder], None]


def asked_facts(member_id: UUID, wanted: Sequence[Wanted], terms: OrderTerms) -> tuple[Clause, ...]:
    """The questions for what the locks of an order follow from."""
    parts = [buyers.asked_buyer(member_id, terms.unit_id), *spot_orders.asked_articles(wanted)]
    if terms.need_id is not None:
        parts.append(awarding.asked_need(terms.need_id, member_id))
    documents = documents_of(wanted, terms.quotes)
    if documents:
        parts.append(attachments.asked_documents(member_id, documents))
    return tuple(parts)


def facts_of(row: Answers, order: SpotOrder) -> Facts:
    """The answers to them, for the order they were asked for."""
    return Facts(
        buyer=buyers.buyer_of(row.buyer, order.member_id, order.terms.unit_id),
        articles=spot_orders.articles_of(row, order.wanted),
        documents=getattr(row, "documents", ()),
        names=spot_orders.names_of(row),
        need=awarding.need_of(getattr(row, "need", None)),
    )


async def gather_facts(uow: UnitOfWork, order: SpotOrder) -> Facts:
    """What `facts_of` knows, asked for alone."""
    parts = asked_facts(order.member_id, order.wanted, order.terms)
    return facts_of(await statements.ask(uow.connection, *parts), order)


async def send_off(
    order: SpotOrder,
    by: UUID,
    uow: UnitOfWork,
    seen_net_total: Decimal | None,
    facts: Facts | None = None,
) -> Sent:
    """Gather what an order is decided on, its need and pots held until the commit, and decide it.

    facts: what was asked before. Raises what `placing.cart_of` and `placing.send_off` raise.
    """
    order.after("submit")
    today = business_date(uow.business_now)
    require_quoted(order.terms.quotes, today, "quotes")
    facts = facts or await gather_facts(uow, order)
    cart = placing.cart_of(order, facts, today, seen_net_total, new_id)
    cart = await _held(order, cart, uow)
    sums = await gather_sums(order, cart, facts, uow)
    return placing.send_off(order, cart, sums, by, uow.business_now, new_id)


async def _held(order: SpotOrder, cart: Cart, uow: UnitOfWork) -> Cart:
    locks = [awarding.holding_pots(cart.need.contract_kind, cart.shares)]
    documents = documents_of(order.wanted, order.terms.quotes)
    if documents:
        locks.append(attachments.marking(order.member_id, documents, uow.now))
    if not cart.new_need:
        locks.append(awarding.holding_need(cart.need.need_id, order.member_id))
    held = await statements.hold(uow.connection, HELD, *locks)
    if cart.new_need:
        return cart
    need = require_need(awarding.need_of(getattr(held, "held_need", None)))
    need.require_open()
    return replace(cart, need=need)


async def gather_sums(order: SpotOrder, cart: Cart, facts: Facts, uow: UnitOfWork) -> CartSums:
    """What is added up for a cart, to be asked behind its locks. Raises Invalid
    (`document_unknown`) for a document that was swept since the facts.
    """
    kind, day = cart.need.contract_kind, business_date(uow.business_now)
    asked = [agreements.asked_covering(cart.lines, order.member_id, day)]
    if cart.windows:
        asked.append(awarding.asked_sums(kind, cart.shares, cart.windows))
    if cart.compares:
        asked.append(awarding.asked_comparable(cart.lines))
    documents = documents_of(order.wanted, order.terms.quotes)
    if documents:
        asked.append(attachments.asked_documents(order.member_id, documents))
    row = await statements.ask(uow.connection, *asked)
    require_known(documents, getattr(row, "documents", ()))
    classes = awarding.sums_of(row.sums, cart.shares, cart.windows) if cart.windows else ()
    compared = (
        awarding.comparable_of(row.comparable, cart.lines, facts.names) if cart.compares else None
    )
    return CartSums(classes, agreements.covering_of(row.covering), compared)


async def keep(
    sent: Sent, kept: Sequence[Clause], uow: UnitOfWork, answering: Answering | None = None
) -> None:
    """Write all that came of a submission: the order as `kept`, everything beside it, its news and,
    where somebody asks for one, its answer.
    """
    order, cart, need = sent.order, sent.cart, sent.need
    parts = [*kept, *supplier_orders.adding(sent.shares)]
    if cart.new_need:
        parts += awarding.adding_need(need, uow.business_now)
    elif sent.booked:
        parts += awarding.saving_need(need)
    content = content_of(order, sent.decision)
    parts += awarding.adding_decision(order.order_id, sent.decision, content, uow.business_now)
    parts += awarding.adding_offers(order.order_id, sent.offers)
    if sent.booked:
        day = business_date(uow.business_now)
        parts += awarding.reserving(order.order_id, need, day, cart.shares)
    uow.announce(*sent.news)
    if order.status == "submitted":
        await notices.ask_approvers(order, uow)
    if answering is not None:
        answering(order)
    await uow.write(*parts)


async def go_on(
    before: SpotOrder,
    now: SpotOrder,
    decision: RouteDecision,
    occasion: Literal["approval", "offers", "release"],
    uow: UnitOfWork,
) -> SpotOrder:
    """Follow a decision made anew; `before` is the order as it was loaded."""
    noted, news = now.decided_anew(decision, occasion)
    after, shares, more = noted.follow(decision, uow.business_now)
    await spot_orders.save(uow, after, loaded_version=before.version)
    last = await awarding.latest_decision(uow, after.order_id)
    content = content_of(after, decision)
    await awarding.add_decision(
        uow, after.order_id, decision, content, last.decision_no + 1, occasion
    )
    if shares:
        await supplier_orders.add(uow, shares)
    if after.status == "handed_over":
        await awarding.release(after.order_id, after.member_id, uow)
    uow.announce(*news, *more)
    await notices.ask_approvers(after, uow)
    return after


def asked(command: CheckRoute, member_id: UUID) -> tuple[Clause, ...]:
    """The questions an order of this member begins with."""
    wanted = [line.wanted() for line in command.lines]
    return asked_facts(member_id, wanted, command.terms())


async def create_order(
    command: CreateOrder,
    actor: Actor,
    uow: UnitOfWork,
    known: Answers | None = None,
    answering: Answering | None = None,
) -> SpotOrder:
    """Keep a draft, or order: as far as its route leads, in one transaction.

    known: the answers to `asked`, where somebody asked. answering: called with what is kept, so
    that its answer is kept with it.
    """
    order = _order_of(command, actor)
    facts = None if known is None else facts_of(known, order)
    if command.draft:
        return await _keep_draft(order, uow, facts, answering)
    sent = await send_off(order, actor.person_id, uow, command.seen_net_total, facts)
    kept = spot_orders.adding(sent.order, uow.business_now, sent.cart.pots)
    await keep(sent, kept, uow, answering)
    return sent.order


async def _keep_draft(
    order: SpotOrder, uow: UnitOfWork, facts: Facts | None, answering: Answering | None
) -> SpotOrder:
    require_quoted(order.terms.quotes, business_date(uow.business_now), "quotes")
    await attachments.require(uow, order.member_id, _documents(order))
    facts = facts or await gather_facts(uow, order)
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
    facts = await gather_facts(uow, order)
    cart = placing.cart_of(order, facts, today, None, new_id)
    sums = await gather_sums(order, cart, facts, uow)
    return placing.route(order, cart, sums, today)[0]


def _documents(order: SpotOrder) -> Mapping[str, str]:
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
    sent = await send_off(draft, actor.person_id, uow, seen)
    await spot_orders.save(uow, sent.order, loaded_version=draft.version, pots=sent.cart.pots)
    await keep(sent, (), uow)
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
    whole = changed.status == "cancelled"
    await awarding.release(order_id, order.member_id, uow, None if whole else only)
    if shares:
        pairs = [(before[share.supplier_order_id], share) for share in cancelled]
        released = await giving_back.shares(pairs, uow)
    else:
        released = await giving_back.whole_order(order, uow)
    uow.announce(*(giving_back.with_released(event, released) for event in news))
    return changed
