"""Tables, and aggregates as rows: plain sight, set-wise, articles published as state."""

from catalog.store.agreements import keep_agreements
from catalog.store.catalogues import (
    difference,
    keep_staged,
    lock_catalogue,
    price_list_of,
    put_in_force,
    staged,
)
from catalog.store.corrections import (
    corrections_pending,
    keep_corrections,
    load_corrections,
    move_articles,
    take_correction,
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
    "agreement_table",
    "article_table",
    "corrections_pending",
    "difference",
    "effective_group",
    "keep_agreements",
    "keep_corrections",
    "keep_staged",
    "keep_suppliers",
    "load_corrections",
    "lock_catalogue",
    "metadata",
    "move_articles",
    "price_list_of",
    "price_list_table",
    "put_in_force",
    "staged",
    "supplier_table",
    "take_correction",
]
