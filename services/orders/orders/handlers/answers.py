"""Suppliers' words, and what hinders ours on the way to them: fetched, answered, sent off."""

from marktbund.contracts.orders import SupplierOrderAnswered
from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryReplayed,
    DespatchAdvised,
    OrderResponseReceived,
)
from marktbund.unit_of_work import UnitOfWork
from orders.handlers import giving_back, notices
from orders.store import delivery_trouble, supplier_orders


async def note_acknowledgement(event: DeliveryAcknowledged, uow: UnitOfWork) -> None:
    """The supplier has the order, fetched by it or pushed to it."""
    await delivery_trouble.clear(uow, event)
    if event.document != "order":
        return
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.acknowledge()
    if news:
        await supplier_orders.save(uow, changed, share)
    uow.announce(*news)


async def note_failure(event: DeliveryFailed, uow: UnitOfWork) -> None:
    """A document did not reach the supplier: the requester sees it, with the next attempt."""
    await delivery_trouble.note(uow, event, event.next_attempt_at)


async def note_abandonment(event: DeliveryAbandoned, uow: UnitOfWork) -> None:
    """Nobody calls the supplier any more: the requester sees it."""
    await delivery_trouble.note(uow, event, None)


async def note_replay(event: DeliveryReplayed, uow: UnitOfWork) -> None:
    """The office has the document sent again."""
    await delivery_trouble.clear(uow, event)


async def note_response(event: OrderResponseReceived, uow: UnitOfWork) -> None:
    """The supplier answered lines."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.answer(event.response_id, event.lines)
    await supplier_orders.save(uow, changed, share)
    released = await giving_back.shares([(share, changed)], uow)
    uow.announce(*(giving_back.told(event, released) for event in news))
    for told in news:
        if isinstance(told, SupplierOrderAnswered):
            await notices.tell_of_answer(told, uow)


async def note_despatch(event: DespatchAdvised, uow: UnitOfWork) -> None:
    """The supplier sent goods off."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.despatch(event.despatch_id, event.despatched_on)
    await supplier_orders.save(uow, changed, share)
    uow.announce(*news)
