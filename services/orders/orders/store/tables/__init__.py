"""The tables of orders."""

from orders.store.tables.base import metadata
from orders.store.tables.ordering import (
    order_line,
    spot_order,
    supplier_order,
    supplier_order_line,
    wanted_line,
)
from orders.store.tables.replicas import article, member, supplier

__all__ = [
    "article",
    "member",
    "metadata",
    "order_line",
    "spot_order",
    "supplier",
    "supplier_order",
    "supplier_order_line",
    "wanted_line",
]
