"""Ordering: keep a draft, send it off, place it, take it back."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.commands import CancelOrder, CreateOrder
from orders.domain import SpotOrder, SupplierOrder, Wanted
from orders.store import replicas, spot_orders, supplier_orders


async def create_order(command: CreateOrder, actor: Actor, uow: UnitOfWork) -> SpotOrder:
    """Keep a draft, or order: submitted, approved and placed in one transaction."""
    await replicas.require_active_member(uow, actor.member_id)
    order = SpotOrder(
        order_id=new_id(),
        member_id=actor.member_id,
        acting_member_id=actor.acting_member_id,
        requester_id=actor.person_id,
        reference=command.reference,
        wanted=tuple(
            Wanted(line.article_id, line.quantity, line.requested_delivery_date)
            for line in command.lines
        ),
    )
    if command.draft:
        await spot_orders.add(uow, order)
        return order
    placed, shares = await _submit_and_place(order, actor, uow)
    await spot_orders.add(uow, placed)
    await supplier_orders.add(uow, shares)
    return placed


async def submit_order(order_id: UUID, actor: Actor, uow: UnitOfWork) -> SpotOrder:
    """Send a draft off; it is approved and placed at once while no approval is needed."""
    await replicas.require_active_member(uow, actor.member_id)
    draft = await spot_orders.load(uow, order_id, actor.member_id)
    placed, shares = await _submit_and_place(draft, actor, uow)
    await spot_orders.save(uow, placed, loaded_version=draft.version)
    await supplier_orders.add(uow, shares)
    return placed


async def _submit_and_place(
    order: SpotOrder, actor: Actor, uow: UnitOfWork
) -> tuple[SpotOrder, list[SupplierOrder]]:
    articles = await replicas.load_articles(uow, (wanted.article_id for wanted in order.wanted))
    submitted, news = order.submit(articles, actor.person_id, uow.business_now, new_id)
    approved, more = submitted.approve()
    placed, shares, most = approved.place(uow.business_now)
    uow.announce(*news, *more, *most)
    return placed, shares


async def cancel_order(
    order_id: UUID, command: CancelOrder, actor: Actor, uow: UnitOfWork
) -> SpotOrder:
    """Take an order back as far as no supplier has answered."""
    order = await spot_orders.load(uow, order_id, actor.member_id)
    shares = await supplier_orders.load_of_order(uow, order_id)
    changed, cancelled, news = order.cancel(shares, actor.person_id, command.reason)
    await spot_orders.save(uow, changed, loaded_version=order.version)
    before = {share.supplier_order_id: share for share in shares}
    for share in cancelled:
        await supplier_orders.save(uow, share, before[share.supplier_order_id])
    uow.announce(*news)
    return changed
