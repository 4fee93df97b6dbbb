"""Alembic's entry for tender-planning."""

from marktbund.migrating import run_migrations
from tender_planning.store.tables import metadata

run_migrations(metadata)
