"""Suppliers' words: fetched, answered, sent off."""

from marktbund.contracts.supplier_gateway import (
    DeliveryAcknowledged,
    DespatchAdvised,
    OrderResponseReceived,
)
from marktbund.unit_of_work import UnitOfWork
from orders.handlers import giving_back
from orders.store import supplier_orders


async def note_acknowledgement(event: DeliveryAcknowledged, uow: UnitOfWork) -> None:
    """The supplier has fetched the order."""
    if event.document != "order":
        return
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.acknowledge()
    if news:
        await supplier_orders.save(uow, changed, share)
    uow.announce(*news)


async def note_response(event: OrderResponseReceived, uow: UnitOfWork) -> None:
    """The supplier answered lines."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.answer(event.response_id, event.lines)
    await supplier_orders.save(uow, changed, share)
    released = await giving_back.shares([(share, changed)], uow)
    uow.announce(*(giving_back.told(event, released) for event in news))


async def note_despatch(event: DespatchAdvised, uow: UnitOfWork) -> None:
    """The supplier sent goods off."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.despatch(event.despatch_id, event.despatched_on)
    await supplier_orders.save(uow, changed, share)
    uow.announce(*news)
