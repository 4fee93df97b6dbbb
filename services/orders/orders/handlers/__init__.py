"""One function per command: load, let the domain decide, save, announce."""

from orders.handlers.answers import (
    note_abandonment,
    note_acknowledgement,
    note_despatch,
    note_failure,
    note_replay,
    note_response,
)
from orders.handlers.ordering import cancel_order, create_order, submit_order

__all__ = [
    "cancel_order",
    "create_order",
    "note_abandonment",
    "note_acknowledgement",
    "note_despatch",
    "note_failure",
    "note_replay",
    "note_response",
    "submit_order",
]
