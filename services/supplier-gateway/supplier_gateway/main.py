"""Puts supplier-gateway together. `python -m supplier_gateway.main` serves."""

from marktbund.ahead import counted
from marktbund.composition import Service, run
from marktbund.contracts.supplier_gateway import DELIVERY_EVENTS, RESPONSE_EVENTS, SUPPLIER_EVENTS
from supplier_gateway import api, consumers, store
from supplier_gateway.settings import Settings

SERVICE = Service(
    name="supplier-gateway",
    title="Lieferanten",
    routers=[api.router],
    hearing=consumers.hearing(),
    takes_over=consumers.TAKES_BACK,
    feeds=store.FEEDS,
    owns=(
        counted(SUPPLIER_EVENTS, "supplier", "supplier_id"),
        counted(DELIVERY_EVENTS, "supplier_order", "supplier_order_id", "delivery_version"),
        counted(RESPONSE_EVENTS, "supplier_order", "supplier_order_id", "response_version"),
    ),
)


if __name__ == "__main__":
    run(SERVICE, Settings())
