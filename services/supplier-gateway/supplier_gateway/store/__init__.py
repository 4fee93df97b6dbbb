"""Tables, and aggregates as rows: suppliers published as state, supplier orders under a lock.

Each aggregate has its clauses: `holding` for the lock, `adding` and `saving` for the last write.
"""

from supplier_gateway.store.suppliers import FEEDS
from supplier_gateway.store.tables import metadata

__all__ = ["FEEDS", "metadata"]
