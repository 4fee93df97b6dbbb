"""Tables, and aggregates as rows: suppliers published as state, supplier orders under a lock."""

from supplier_gateway.store.orders import (
    add_despatch,
    add_orders,
    lock_order,
    lock_order_of_delivery,
    lock_orders,
    order_of_delivery,
    save_lines,
    save_orders,
)
from supplier_gateway.store.suppliers import (
    FEEDS,
    add_supplier,
    load_supplier,
    save_credentials,
    save_supplier,
    take_back_supplier,
)
from supplier_gateway.store.tables import metadata

__all__ = [
    "FEEDS",
    "add_despatch",
    "add_orders",
    "add_supplier",
    "load_supplier",
    "lock_order",
    "lock_order_of_delivery",
    "lock_orders",
    "metadata",
    "order_of_delivery",
    "save_credentials",
    "save_lines",
    "save_orders",
    "save_supplier",
    "take_back_supplier",
]
