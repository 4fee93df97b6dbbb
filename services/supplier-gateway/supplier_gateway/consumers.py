"""Event doors: what orders placed and took back becomes documents for suppliers."""

from marktbund.ahead import TakesOver
from marktbund.consuming import Hearing
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
from supplier_gateway import handlers
from supplier_gateway.handlers import taking_back

SUPPLIER_ORDERS: frozenset[type[Message]] = frozenset(
    {
        SupplierOrderPlaced,
        SupplierOrderCancelled,
        SupplierOrderAcknowledged,
        SupplierOrderAnswered,
        SupplierOrderDespatched,
        AnswerDisregarded,
    }
)
"""Every type of the topic: the first two become documents, the others are known and passed by."""


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
    return Hearing({SUPPLIER_ORDER_EVENTS: handlers.take_orders})
