"""Alembic's entry for documentation."""

from documentation.store.tables import metadata
from marktbund.migrating import run_migrations

run_migrations(metadata)
