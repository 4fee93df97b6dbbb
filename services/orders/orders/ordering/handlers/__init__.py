"""One function per command: load, let the domain decide, save, announce."""

from orders.ordering.handlers.answers import (
    hold_for_responses,
    note_abandonment,
    note_acknowledgement,
    note_despatch,
    note_failure,
    note_replay,
    note_response,
)
from orders.ordering.handlers.approving import decide_approval
from orders.ordering.handlers.attachments import (
    expect_attachment,
    forget_unnamed,
    keep_attachment,
    sweep_content,
)
from orders.ordering.handlers.award_office import record_award, record_offers, release_order
from orders.ordering.handlers.call_offs import call_off, check_call
from orders.ordering.handlers.notices import tell_of_late
from orders.ordering.handlers.placing import (
    asked,
    cancel_order,
    check_route,
    create_order,
    submit_order,
)
from orders.ordering.handlers.replaying import replay_decision

__all__ = [
    "asked",
    "call_off",
    "cancel_order",
    "check_call",
    "check_route",
    "create_order",
    "decide_approval",
    "expect_attachment",
    "forget_unnamed",
    "hold_for_responses",
    "keep_attachment",
    "note_abandonment",
    "note_acknowledgement",
    "note_despatch",
    "note_failure",
    "note_replay",
    "note_response",
    "record_award",
    "record_offers",
    "release_order",
    "replay_decision",
    "submit_order",
    "sweep_content",
    "tell_of_late",
]
