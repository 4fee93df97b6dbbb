"""Puts catalog together. `python -m catalog.main` serves."""

from datetime import timedelta

from catalog import api, consumers, jobs, store
from catalog.settings import Settings
from marktbund.ahead import counted
from marktbund.composition import Job, Service, run
from marktbund.contracts.agreements import AGREEMENT_STATE
from marktbund.contracts.catalog import VERSION_EVENTS
from marktbund.contracts.members import PERSON_STATE
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from marktbund.rebuilding import ReadModels

SERVICE = Service(
    name="catalog",
    title="Katalog",
    routers=[api.router],
    hearing=consumers.hearing(),
    read_models=ReadModels(
        (SUPPLIER_STATE, AGREEMENT_STATE, PERSON_STATE),
        ("supplier", "agreement", "principal"),
        kept=frozenset({"supplier"}),
    ),
    feeds=store.FEEDS,
    owns=(counted(VERSION_EVENTS, "catalogue", "supplier_id"),),
    jobs=[Job("corrections", timedelta(seconds=30), jobs.follow_corrections, after_commits=True)],
    wide_paths=("/price-lists",),
)


if __name__ == "__main__":
    run(SERVICE, Settings())
