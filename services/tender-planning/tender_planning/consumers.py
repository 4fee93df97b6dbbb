"""Event doors: which news goes to which handler."""

from marktbund.consuming import Hearing
from marktbund.contracts.agreements import AGREEMENT_STATE
from marktbund.contracts.base import Message
from marktbund.contracts.members import MEMBER_STATE
from marktbund.contracts.orders import (
    SUPPLIER_ORDER_EVENTS,
    AnswerDisregarded,
    SupplierOrderAcknowledged,
    SupplierOrderDespatched,
)
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE
from tender_planning.handlers import demand as handlers

PASSED: frozenset[type[Message]] = frozenset(
    {SupplierOrderAcknowledged, SupplierOrderDespatched, AnswerDisregarded}
)
"""News of supplier orders that change no demand: known, and passed by."""


def hearing() -> Hearing:
    """What tender-planning listens to; people are heard by the platform itself."""
    return Hearing(
        {
            SUPPLIER_ORDER_EVENTS: handlers.count_demand,
            MEMBER_STATE: handlers.keep_member_names,
            SUPPLIER_STATE: handlers.keep_supplier_names,
            AGREEMENT_STATE: handlers.keep_agreements,
        }
    )
