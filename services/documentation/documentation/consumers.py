"""Event doors: every fact of every service, whatever its type, into the file."""

from documentation import handlers
from marktbund.consuming import Hearing
from marktbund.contracts import (
    agreements,
    catalog,
    members,
    notices,
    orders,
    routes,
    rule_sets,
    supplier_gateway,
    tender_planning,
)

HEARD = (
    members.MEMBER_EVENTS,
    members.UNIT_EVENTS,
    members.PERSON_EVENTS,
    rule_sets.RULE_SET_EVENTS,
    catalog.VERSION_EVENTS,
    orders.ORDER_EVENTS,
    orders.SUPPLIER_ORDER_EVENTS,
    routes.NEED_EVENTS,
    agreements.AGREEMENT_EVENTS,
    notices.ORDER_NOTICES,
    supplier_gateway.SUPPLIER_EVENTS,
    supplier_gateway.RESPONSE_EVENTS,
    supplier_gateway.DELIVERY_EVENTS,
    tender_planning.PROPOSAL_EVENTS,
    tender_planning.TENDER_EVENTS,
    tender_planning.GROUP_EVENTS,
)


AT_ONCE = 1000
"""Records of one transaction: they lock nothing that anybody waits for."""


def hearing() -> Hearing:
    """One handler for all topics: to the file, events are bytes, also those of a later release."""
    handled = dict.fromkeys(HEARD, handlers.record_events)
    return Hearing(handled, keeps_unread=True, at_once=AT_ONCE)
