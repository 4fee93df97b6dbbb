"""Event doors: what catalog listens to."""

from catalog import handlers
from marktbund.consuming import Hearing
from marktbund.contracts.agreements import AGREEMENT_STATE
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from marktbund.contracts.tender_planning import GROUP_STATE


def hearing() -> Hearing:
    """Suppliers from the gateway, corrections from planning, agreements from orders; people are
    kept by the platform.
    """
    return Hearing(
        {
            SUPPLIER_STATE: handlers.keep_suppliers,
            GROUP_STATE: handlers.keep_corrections,
            AGREEMENT_STATE: handlers.keep_agreements,
        }
    )
