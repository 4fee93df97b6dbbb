"""Alembic's entry for portal."""

from marktbund.migrating import run_migrations
from portal.store.tables import metadata

run_migrations(metadata)
