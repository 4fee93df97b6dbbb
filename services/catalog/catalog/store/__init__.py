"""Tables, and aggregates as rows: plain sight, set-wise, articles published as state."""

from catalog.store.catalogues import (
    add_price_list,
    difference,
    load_price_list,
    lock_catalogue,
    price_list_of,
    put_in_force,
    save_catalogue,
)
from catalog.store.offers import add_offers
from catalog.store.suppliers import keep_suppliers
from catalog.store.tables import FEEDS, article_table, metadata, price_list_table, supplier_table

__all__ = [
    "FEEDS",
    "add_offers",
    "add_price_list",
    "article_table",
    "difference",
    "keep_suppliers",
    "load_price_list",
    "lock_catalogue",
    "metadata",
    "price_list_of",
    "price_list_table",
    "put_in_force",
    "save_catalogue",
    "supplier_table",
]
