"""Send an order off, and follow its decisions: gather, decide, write."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row

from marktbund import statements
from marktbund.clock import business_date
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from orders.domain import OrderTerms, SpotOrder, Wanted, placing, steps
from orders.domain.approvals import content_sha256
from orders.domain.attachments import documents_of, require_known
from orders.domain.dates import require_quoted
from orders.domain.needs import require_need
from orders.domain.placing import Cart, CartSums, Facts, Sent
from orders.handlers import freeing, notices
from orders.store import (
    attachments,
    buyers,
    decisions,
    hints,
    limits,
    needs,
    replicas,
    spot_orders,
    supplier_orders,
)
from orders.store.locks import HELD

Answering = Callable[[SpotOrder], None]


def asked_facts(member_id: UUID, wanted: Sequence[Wanted], terms: OrderTerms) -> tuple[Clause, ...]:
    """The questions for what the locks of an order follow from."""
    parts = [buyers.asked_buyer(member_id, terms.unit_id), *replicas.asked_articles(wanted)]
    if terms.need_id is not None:
        parts.append(needs.asked_need(terms.need_id, member_id))
    documents = documents_of(wanted, terms.quotes)
    if documents:
        parts.append(attachments.asked_documents(member_id, documents))
    return tuple(parts)


def facts_of(row: Row[Any], order: SpotOrder) -> Facts:
    """The answers to them, for the order they were asked for."""
    return Facts(
        buyer=buyers.buyer_of(row.buyer, order.member_id, order.terms.unit_id),
        articles=replicas.articles_of(row, order.wanted),
        documents=getattr(row, "documents", ()),
        names=replicas.names_of(row),
        need=needs.need_of(getattr(row, "need", None)),
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
    locks = [limits.locking(cart.need.contract_kind, cart.shares)]
    documents = documents_of(order.wanted, order.terms.quotes)
    if documents:
        locks.append(attachments.marking(order.member_id, documents, uow.now))
    if not cart.new_need:
        locks.append(needs.holding(cart.need.need_id, order.member_id))
    held = await statements.hold(uow.connection, HELD, *locks)
    if cart.new_need:
        return cart
    need = require_need(needs.need_of(getattr(held, "held_need", None)))
    need.require_open()
    return replace(cart, need=need)


async def gather_sums(order: SpotOrder, cart: Cart, facts: Facts, uow: UnitOfWork) -> CartSums:
    """What is added up for a cart, to be asked behind its locks. Raises Invalid
    (`document_unknown`) for a document that was swept since the facts.
    """
    kind, day = cart.need.contract_kind, business_date(uow.business_now)
    asked = [hints.asked_covering(cart.lines, order.member_id, day)]
    if cart.windows:
        asked.append(limits.asked_sums(kind, cart.shares, cart.windows))
    if cart.compares:
        asked.append(decisions.asked_comparable(cart.lines))
    documents = documents_of(order.wanted, order.terms.quotes)
    if documents:
        asked.append(attachments.asked_documents(order.member_id, documents))
    row = await statements.ask(uow.connection, *asked)
    require_known(documents, getattr(row, "documents", ()))
    classes = limits.sums_of(row.sums, cart.shares, cart.windows) if cart.windows else ()
    compared = (
        decisions.comparable_of(row.comparable, cart.lines, facts.names) if cart.compares else None
    )
    return CartSums(classes, hints.covering_of(row.covering), compared)


async def keep(
    sent: Sent, kept: Sequence[Clause], uow: UnitOfWork, answering: Answering | None = None
) -> None:
    """Write all that came of a submission: the order as `kept`, everything beside it, its news and,
    where somebody asks for one, its answer.
    """
    order, cart, need = sent.order, sent.cart, sent.need
    parts = [*kept, *supplier_orders.adding(sent.shares)]
    if cart.new_need:
        parts += needs.adding(need, uow.business_now)
    elif sent.booked:
        parts += needs.saving(need)
    sha256 = content_sha256(order, sent.decision)
    parts += decisions.adding(order.order_id, sent.decision, sha256, uow.business_now)
    parts += decisions.adding_offers(order.order_id, sent.offers)
    if sent.booked:
        day = business_date(uow.business_now)
        parts += limits.booking(order.order_id, need, day, cart.shares)
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
    noted, news = steps.decided_anew(now, decision, occasion)
    after, shares, more = steps.follow(noted, decision, uow.business_now)
    await spot_orders.save(uow, after, loaded_version=before.version)
    number, _ = await decisions.latest(uow, after.order_id)
    sha256 = content_sha256(after, decision)
    await decisions.add(uow, after.order_id, decision, sha256, number + 1, occasion)
    if shares:
        await supplier_orders.add(uow, shares)
    if after.status == "handed_over":
        await freeing.give_back(after, uow)
    uow.announce(*news, *more)
    await notices.ask_approvers(after, uow)
    return after
