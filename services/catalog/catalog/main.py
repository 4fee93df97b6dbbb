"""Puts catalog together. `python -m catalog.main` serves."""

from catalog import api, consumers, store
from catalog.settings import Settings
from marktbund.composition import Service, run

SERVICE = Service(
    name="catalog",
    title="Katalog",
    routers=[api.router],
    hearing=consumers.hearing(),
    feeds=store.FEEDS,
    wide_paths=("/price-lists",),
)


if __name__ == "__main__":
    run(SERVICE, Settings())
