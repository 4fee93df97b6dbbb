"""Supplier orders: taken in and back by the batch, acknowledged, answered, sent off."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from marktbund.clock import business_date
from marktbund.contracts.orders import SupplierOrderCancelled, SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import (
    DeliveryQueued,
    DespatchAdvised,
    OrderResponseReceived,
)
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway import store
from supplier_gateway.commands import AdviseDespatch, AnswerOrder
from supplier_gateway.domain import plausible
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.lines import LineResponse
from supplier_gateway.domain.orders import SupplierOrder


async def take_orders(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take placed supplier orders in and queue one delivery each; a known one changes nothing."""
    taken: dict[UUID, tuple[SupplierOrderPlaced, SupplierOrder]] = {}
    news: dict[UUID, tuple[DeliveryQueued, Origin]] = {}
    for record in records:
        if isinstance(placed := record.event, SupplierOrderPlaced):
            order, queued = SupplierOrder.take(placed, new_id(), record.business_time)
            taken.setdefault(order.supplier_order_id, (placed, order))
            news.setdefault(order.supplier_order_id, (queued, record.origin))
    new = await store.add_orders(uow, list(taken.values()))
    for supplier_order_id, (queued, origin) in news.items():
        if supplier_order_id in new:
            uow.announce(queued, origin=origin)


async def take_cancellations(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Queue the cancellations of supplier orders taken back.

    Raises NotFound (`supplier_order_unknown`): the order comes first on the same topic.
    """
    orders = await store.lock_orders(uow, [UUID(record.key) for record in records])
    changed = {}
    for record in records:
        if isinstance(event := record.event, SupplierOrderCancelled):
            order, events = orders[event.supplier_order_id].cancel(
                event.reason, new_id(), record.business_time
            )
            if events:
                orders[order.supplier_order_id] = changed[order.supplier_order_id] = order
            uow.announce(*events, origin=record.origin)
    await store.save_orders(uow, list(changed.values()))


async def acknowledge_delivery(supplier_id: UUID, delivery_id: UUID, uow: UnitOfWork) -> Delivery:
    """The supplier has the document; the second time changes nothing."""
    order = await store.lock_order_of_delivery(uow, supplier_id, delivery_id)
    order, events = order.acknowledge(delivery_id, uow.business_now)
    if events:
        await store.save_orders(uow, [order])
    uow.announce(*events)
    return next(d for d in order.deliveries if d.delivery_id == delivery_id)


async def answer_order(
    supplier_id: UUID, supplier_order_id: UUID, command: AnswerOrder, uow: UnitOfWork
) -> OrderResponseReceived:
    """Take a supplier's word on lines of its order."""
    order = await store.lock_order(uow, supplier_id, supplier_order_id)
    answers = [LineResponse(**line.model_dump()) for line in command.lines]
    plausible.refuse_answers(order, answers, _placed_on(order, uow))
    order, acknowledged, response = order.answer(new_id(), answers, uow.business_now)
    await store.save_orders(uow, [order])
    await store.save_lines(uow, order)
    uow.announce(*acknowledged, response)
    return response


async def advise_despatch(
    supplier_id: UUID, supplier_order_id: UUID, command: AdviseDespatch, uow: UnitOfWork
) -> DespatchAdvised:
    """Note goods sent off."""
    order = await store.lock_order(uow, supplier_id, supplier_order_id)
    quantities = [(line.line_no, line.quantity) for line in command.lines]
    today = business_date(uow.business_now)
    plausible.refuse_despatch(
        order, quantities, command.despatched_on, _placed_on(order, uow), today
    )
    order, despatch = order.despatch(new_id(), command.despatched_on, quantities)
    await store.save_orders(uow, [order])
    await store.save_lines(uow, order)
    await store.add_despatch(uow, despatch)
    uow.announce(despatch)
    return despatch


def _placed_on(order: SupplierOrder, uow: UnitOfWork) -> date:
    return business_date(order.placed_at or uow.business_now)
