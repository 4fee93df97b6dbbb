"""Keep an order that was sent off with all that belongs to it, and follow its decisions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from marktbund.clock import business_date
from marktbund.contracts.routes import RouteDecision
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.domain import Routed, SpotOrder, SupplierOrder, freeze, steps
from orders.domain.approvals import content_sha256
from orders.domain.attachments import documents_of
from orders.domain.dates import require_quoted
from orders.domain.refusals import refusal
from orders.domain.seen import require_seen
from orders.handlers import freeing, notices, routing
from orders.handlers.routing import Checked
from orders.store import (
    attachments,
    buyers,
    decisions,
    limits,
    needs,
    replicas,
    spot_orders,
    supplier_orders,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """An order just sent off: where it stands, its shares, and what was decided."""

    order: SpotOrder
    shares: list[SupplierOrder]
    checked: Checked


async def send_off(
    order: SpotOrder, by: UUID, uow: UnitOfWork, seen_net_total: Decimal | None
) -> Sent:
    """Freeze, decide the route, and go as far as it leads. Raises the route's refusal and Conflict
    (`price_changed`) where somebody saw another sum.
    """
    order.after("submit")
    today = business_date(uow.business_now)
    require_quoted(order.terms.quotes, today, "quotes")
    documents = documents_of(order.wanted, order.terms.quotes)
    await attachments.require(uow, order.member_id, documents)
    buyer = await buyers.load(uow, order.member_id, order.terms.unit_id)
    articles = await replicas.load_articles(uow, order.wanted)
    lines = freeze(order.wanted, articles, today)
    require_seen(seen_net_total, lines)
    checked = await routing.check(order, lines, buyer, uow, hold=True)
    if stop := refusal(checked.decision):
        raise stop
    at = uow.business_now
    routed = Routed(checked.need.need_id, checked.decision, checked.offers)
    submitted, news = order.submit(lines, by, at, new_id, routed)
    after, shares, more = steps.follow(submitted, checked.decision, at)
    if checked.new_need:
        uow.announce(checked.need.recorded(by, at, order.order_id))
    uow.announce(*news, *more)
    return Sent(after, shares, checked)


async def keep(sent: Sent, uow: UnitOfWork) -> None:
    """Keep what came of a submission whose order row is kept already."""
    order, checked = sent.order, sent.checked
    if sent.shares:
        await supplier_orders.add(uow, sent.shares)
    booked = order.status != "handed_over"
    need = checked.need.book(checked.net) if booked else checked.need
    if checked.new_need:
        await needs.add(uow, need)
    elif booked:
        await needs.save(uow, need)
    sha256 = content_sha256(order, checked.decision)
    await decisions.add(uow, order.order_id, checked.decision, sha256)
    await decisions.add_offers(uow, order.order_id, checked.offers)
    if booked:
        day = business_date(uow.business_now)
        await limits.book(uow, order.order_id, need, day, checked.shares)
    await notices.ask_approvers(order, uow)


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
