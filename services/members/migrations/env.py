"""Alembic's entry for members."""

from marktbund.migrating import run_migrations
from members.store import metadata

run_migrations(metadata)
