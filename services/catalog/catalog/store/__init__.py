"""Tables, and aggregates as rows: plain sight, set-wise, articles published as state."""

from catalog.store.agreements import keep_agreements
from catalog.store.catalogues import (
    add_price_list,
    difference,
    load_price_list,
    lock_catalogue,
    price_list_of,
    put_in_force,
    save_catalogue,
)
from catalog.store.corrections import (
    correct_some,
    corrections_pending,
    keep_corrections,
    load_corrections,
)
from catalog.store.offers import add_offers
from catalog.store.suppliers import keep_suppliers
from catalog.store.tables import (
    FEEDS,
    HIDDEN_COLUMNS,
    agreement_table,
    article_table,
    effective_group,
    metadata,
    price_list_table,
    supplier_table,
)

__all__ = [
    "FEEDS",
    "HIDDEN_COLUMNS",
    "add_offers",
    "add_price_list",
    "agreement_table",
    "article_table",
    "correct_some",
    "corrections_pending",
    "difference",
    "effective_group",
    "keep_agreements",
    "keep_corrections",
    "keep_suppliers",
    "load_corrections",
    "load_price_list",
    "lock_catalogue",
    "metadata",
    "price_list_of",
    "price_list_table",
    "put_in_force",
    "save_catalogue",
    "supplier_table",
]
