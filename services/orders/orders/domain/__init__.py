"""The rules of ordering. Pure; time and ids are passed in, events are returned."""

from orders.domain.lines import Article, Wanted
from orders.domain.spot_orders import SpotOrder
from orders.domain.supplier_orders import SupplierOrder, SupplierOrderLine

__all__ = ["Article", "SpotOrder", "SupplierOrder", "SupplierOrderLine", "Wanted"]
