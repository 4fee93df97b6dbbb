"""Alembic's entry for orders."""

from marktbund.migrating import run_migrations
from orders.store.tables import metadata

run_migrations(metadata)
