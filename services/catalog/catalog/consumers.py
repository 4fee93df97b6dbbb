"""Event doors: what catalog listens to."""

from catalog import handlers
from marktbund.consuming import Hearing
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE


def hearing() -> Hearing:
    """Suppliers from the gateway; people are kept by the platform."""
    return Hearing({SUPPLIER_STATE: handlers.keep_suppliers})
