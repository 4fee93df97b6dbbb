"""Alembic's entry for orders."""

from marktbund.migrating import run_migrations
from orders.agreements.store import tables as agreements
from orders.awarding.store import tables as awarding
from orders.ground.store import tables as ground
from orders.ordering.store import tables as ordering

ROOMS = (ground, agreements, awarding, ordering)
"""Every room adds its tables to the metadata they share."""

run_migrations(ROOMS[-1].metadata)
