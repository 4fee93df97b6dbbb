"""Event doors: what orders placed and took back becomes documents for suppliers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from marktbund.ahead import TakesOver
from marktbund.consuming import Handler, Hearing
from marktbund.contracts.base import Message
from marktbund.contracts.orders import (
    SUPPLIER_ORDER_EVENTS,
    AnswerDisregarded,
    SupplierOrderAcknowledged,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderDespatched,
    SupplierOrderPlaced,
)
from marktbund.contracts.supplier_gateway import (
    ChannelChanged,
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryReplayed,
    DespatchAdvised,
    OrderResponseReceived,
    SupplierCredentialsChanged,
    SupplierRegistered,
    SupplierState,
    SupplierStatusChanged,
)
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway import handlers
from supplier_gateway.handlers import taking_back

# In this order within a batch: an order is placed before it is taken back.
SUPPLIER_ORDERS: Mapping[type[Message], Handler | None] = {
    SupplierOrderPlaced: handlers.take_orders,
    SupplierOrderCancelled: handlers.take_cancellations,
    SupplierOrderAcknowledged: None,
    SupplierOrderAnswered: None,
    SupplierOrderDespatched: None,
    AnswerDisregarded: None,
}


async def take_supplier_orders(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Give the records of each type to their handler as one set."""
    sets: dict[type[Message], list[Received]] = defaultdict(list)
    for record in records:
        sets[type(record.event)].append(record)
    for kind in sorted(sets, key=list(SUPPLIER_ORDERS).index):
        handler = SUPPLIER_ORDERS[kind]
        if handler is not None:
            await handler(sets[kind], uow)


TAKES_BACK: TakesOver = {
    SupplierState: taking_back.take_back_supplier,
    SupplierRegistered: None,
    SupplierCredentialsChanged: None,
    SupplierStatusChanged: None,
    ChannelChanged: None,
    DeliveryAcknowledged: taking_back.take_back_acknowledgement,
    DeliveryFailed: taking_back.take_back_version,
    DeliveryAbandoned: taking_back.take_back_version,
    DeliveryReplayed: taking_back.take_back_version,
    OrderResponseReceived: taking_back.take_back_response,
    DespatchAdvised: taking_back.take_back_despatch,
}
"""Own facts after a restore. A supplier's state brings its news; documents are queued again by
hearing the orders again."""


def hearing() -> Hearing:
    """What supplier-gateway listens to, people aside."""
    return Hearing({SUPPLIER_ORDER_EVENTS: take_supplier_orders})
