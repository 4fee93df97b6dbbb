"""Puts orders together. `python -m orders.main` serves."""

from marktbund.composition import Service, run
from orders import consumers
from orders.api import ordering
from orders.settings import Settings

SERVICE = Service(
    name="orders", title="Bestellungen", routers=[ordering.router], hearing=consumers.hearing()
)

if __name__ == "__main__":
    run(SERVICE, Settings())
