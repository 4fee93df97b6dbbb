"""The rules of ordering. Pure; time and ids are passed in, events are returned."""

from orders.domain.spot_orders import Article, SpotOrder, Wanted
from orders.domain.supplier_orders import SupplierOrder, SupplierOrderLine

__all__ = ["Article", "SpotOrder", "SupplierOrder", "SupplierOrderLine", "Wanted"]
