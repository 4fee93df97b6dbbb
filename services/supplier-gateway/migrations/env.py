"""Alembic's entry for supplier-gateway."""

from marktbund.migrating import run_migrations
from supplier_gateway.store import metadata

run_migrations(metadata)
