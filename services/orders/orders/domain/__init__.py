"""The rules of ordering. Pure; time and ids are passed in, events are returned."""

from orders.domain.buyers import Buyer
from orders.domain.lines import Article, FreeText, Wanted, freeze
from orders.domain.needs import Need, NeedTerms
from orders.domain.spot_orders import Routed, SpotOrder
from orders.domain.supplier_orders import SupplierOrder, SupplierOrderLine
from orders.domain.terms import OrderTerms

__all__ = [
    "Article",
    "Buyer",
    "FreeText",
    "Need",
    "NeedTerms",
    "OrderTerms",
    "Routed",
    "SpotOrder",
    "SupplierOrder",
    "SupplierOrderLine",
    "Wanted",
    "freeze",
]
