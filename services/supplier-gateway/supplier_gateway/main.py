"""Puts supplier-gateway together. `python -m supplier_gateway.main` serves."""

from marktbund.composition import Service, run
from supplier_gateway import api, consumers, store
from supplier_gateway.settings import Settings

SERVICE = Service(
    name="supplier-gateway",
    title="Lieferanten",
    routers=[api.router],
    hearing=consumers.hearing(),
    feeds=store.FEEDS,
)


if __name__ == "__main__":
    run(SERVICE, Settings())
