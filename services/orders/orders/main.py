"""Puts orders together. `python -m orders.main` serves."""

from marktbund.ahead import counted
from marktbund.composition import Service, run
from marktbund.contracts.orders import ORDER_EVENTS, SUPPLIER_ORDER_EVENTS
from orders import consumers
from orders.api import ordering
from orders.settings import Settings

SERVICE = Service(
    name="orders",
    title="Bestellungen",
    routers=[ordering.router],
    hearing=consumers.hearing(),
    owns=(
        counted(ORDER_EVENTS, "spot_order", "order_id"),
        counted(SUPPLIER_ORDER_EVENTS, "supplier_order", "supplier_order_id"),
    ),
)

if __name__ == "__main__":
    run(SERVICE, Settings())
