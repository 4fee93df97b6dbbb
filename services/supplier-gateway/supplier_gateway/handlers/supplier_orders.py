"""Supplier orders: taken in and back by the batch, acknowledged, answered, sent off."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from marktbund import statements
from marktbund.clock import business_date
from marktbund.contracts.orders import SupplierOrderCancelled, SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import DespatchAdvised, OrderResponseReceived
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.commands import AdviseDespatch, AnswerOrder
from supplier_gateway.domain import heard, plausible
from supplier_gateway.domain.deliveries import Delivery
from supplier_gateway.domain.heard import HeardOrder
from supplier_gateway.domain.lines import LineResponse
from supplier_gateway.domain.orders import AddressedOrder
from supplier_gateway.store import orders
from supplier_gateway.store.locks import HELD


async def take_orders(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Take placed supplier orders in and cancelled ones back, a batch at once.

    One document is queued for each; what was heard before changes nothing. Raises NotFound
    (`supplier_order_unknown`): an order comes before its cancellation on the same topic.
    """
    words = [
        (record, HeardOrder(event, record.business_time, new_id()))
        for record in records
        if isinstance(event := record.event, SupplierOrderPlaced | SupplierOrderCancelled)
    ]
    batch = [word for _, word in words]
    if not batch:
        return
    placed = heard.first_placed(batch)
    new = await orders.claim_orders(uow, placed.values())
    keys = {word.event.supplier_order_id for word in batch} - set(new)
    held = await statements.hold(uow.connection, HELD, orders.holding(keys)) if keys else None
    known = await orders.behind(uow, held.held_orders) if held else {}
    folded = heard.fold(known, new, batch)
    for position, event in folded.news:
        uow.announce(event, origin=words[position][0].origin)
    untouched = [order for key, order in folded.taken.items() if key not in folded.changed]
    changed = list(folded.changed.values())
    await uow.write(
        *orders.adding_lines(placed[key] for key in folded.taken),
        *orders.saving_states(changed),
        *orders.saving_deliveries([*untouched, *changed], uow.now),
    )


async def acknowledge_delivery(supplier_id: UUID, delivery_id: UUID, uow: UnitOfWork) -> Delivery:
    """The supplier has the document; the second time changes nothing."""
    supplier_order_id = await orders.order_of_delivery(uow, delivery_id, supplier_id)
    held = await orders.hold_orders(uow, [supplier_order_id], supplier_id)
    order, events = held[supplier_order_id].acknowledge(delivery_id, uow.business_now)
    if events:
        uow.announce(*events)
        await uow.write(*orders.saving([order], uow.now))
    return order.delivery(delivery_id)


async def answer_order(
    supplier_id: UUID, supplier_order_id: UUID, command: AnswerOrder, uow: UnitOfWork
) -> OrderResponseReceived:
    """Take a supplier's word on lines of its order."""
    known = (await orders.hold_orders(uow, [supplier_order_id], supplier_id))[supplier_order_id]
    answers = [LineResponse(**line.model_dump()) for line in command.lines]
    plausible.refuse_answers(known, answers, _placed_on(known, uow))
    order, acknowledged, response = known.answer(new_id(), answers, uow.business_now)
    uow.announce(*acknowledged, response)
    await uow.write(*orders.saving([order], uow.now), *orders.saving_lines(order))
    return response


async def advise_despatch(
    supplier_id: UUID, supplier_order_id: UUID, command: AdviseDespatch, uow: UnitOfWork
) -> DespatchAdvised:
    """Note goods sent off."""
    known = (await orders.hold_orders(uow, [supplier_order_id], supplier_id))[supplier_order_id]
    quantities = [(line.line_no, line.quantity) for line in command.lines]
    today = business_date(uow.business_now)
    plausible.refuse_despatch(
        known, quantities, command.despatched_on, _placed_on(known, uow), today
    )
    order, despatch = known.despatch(new_id(), command.despatched_on, quantities)
    uow.announce(despatch)
    await uow.write(
        *orders.saving([order], uow.now),
        *orders.saving_lines(order),
        *orders.adding_despatch(despatch),
    )
    return despatch


def _placed_on(order: AddressedOrder, uow: UnitOfWork) -> date:
    return business_date(order.placed_at or uow.business_now)
