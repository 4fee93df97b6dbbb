"""Alembic's entry for catalog."""

from catalog.store import metadata
from marktbund.migrating import run_migrations

run_migrations(metadata)
