"""Own facts from the log into a database that was put back: rows as they were, nothing announced.

What the log does not hold stays lost: the secret of a channel, the calls of a schedule. A channel
set since the backup is to be set again.
"""

from dataclasses import replace

from marktbund.contracts.supplier_gateway import (
    DeliveryAcknowledged,
    DeliveryMessage,
    DespatchAdvised,
    OrderResponseReceived,
    ResponseMessage,
    SupplierState,
)
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain.lines import LineResponse
from supplier_gateway.domain.orders import AddressedOrder
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store import orders, suppliers


async def take_back_supplier(state: SupplierState, uow: UnitOfWork) -> None:
    """A supplier and its credentials."""
    supplier = Supplier(state.supplier_id, state.name, state.status, state.subs, state.version)
    await suppliers.take_back_supplier(uow, supplier)
    await uow.write(*suppliers.saving_credentials(supplier))


async def take_back_acknowledgement(event: DeliveryAcknowledged, uow: UnitOfWork) -> None:
    """A document had been fetched; found by its kind: queued anew, it got another id."""
    order = await _locked(event, uow)
    delivery = next(
        delivery for delivery in order.deliveries if delivery.document == event.document
    )
    fetched, _ = order.acknowledge(delivery.delivery_id, uow.business_now, event.channel)
    await uow.write(*orders.saving([fetched], uow.now))


async def take_back_version(event: DeliveryMessage, uow: UnitOfWork) -> None:
    """Something was told of a delivery that changes no row but its count."""
    order = await _locked(event, uow)
    counted = replace(order, delivery_version=event.version)
    await uow.write(*orders.saving([counted], uow.now))


async def take_back_response(event: OrderResponseReceived, uow: UnitOfWork) -> None:
    """A supplier had answered lines."""
    order = await _locked(event, uow)
    answers = [LineResponse(**line.model_dump()) for line in event.lines]
    answered, _, _ = order.answer(event.response_id, answers, uow.business_now)
    await uow.write(*orders.saving([answered], uow.now), *orders.saving_lines(answered))


async def take_back_despatch(event: DespatchAdvised, uow: UnitOfWork) -> None:
    """A supplier had sent goods off."""
    order = await _locked(event, uow)
    quantities = [(line.line_no, line.quantity) for line in event.lines]
    sent, _ = order.despatch(event.despatch_id, event.despatched_on, quantities)
    await uow.write(
        *orders.saving([sent], uow.now), *orders.saving_lines(sent), *orders.adding_despatch(event)
    )


async def _locked(event: DeliveryMessage | ResponseMessage, uow: UnitOfWork) -> AddressedOrder:
    held = await orders.hold_orders(uow, [event.supplier_order_id])
    return held[event.supplier_order_id]
