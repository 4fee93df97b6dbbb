"""One function per command: load, let the domain decide, save, announce."""

from orders.handlers.answers import note_acknowledgement, note_despatch, note_response
from orders.handlers.ordering import cancel_order, create_order, submit_order

__all__ = [
    "cancel_order",
    "create_order",
    "note_acknowledgement",
    "note_despatch",
    "note_response",
    "submit_order",
]
