"""Puts catalog together. `python -m catalog.main` serves."""

from catalog import api, consumers, store
from catalog.settings import Settings
from marktbund.ahead import counted
from marktbund.composition import Service, run
from marktbund.contracts.catalog import VERSION_EVENTS

SERVICE = Service(
    name="catalog",
    title="Katalog",
    routers=[api.router],
    hearing=consumers.hearing(),
    feeds=store.FEEDS,
    owns=(counted(VERSION_EVENTS, "catalogue", "supplier_id"),),
    wide_paths=("/price-lists",),
)


if __name__ == "__main__":
    run(SERVICE, Settings())
