"""One function per command: load, let the domain decide, save, announce."""

from orders.handlers.agreements import (
    advance_agreement,
    approve_change,
    confirm_agreement,
    draft_agreement,
    draft_from_award,
    end_agreement,
    propose_change,
    revise_agreement,
)
from orders.handlers.answers import (
    hold_for_responses,
    note_abandonment,
    note_acknowledgement,
    note_despatch,
    note_failure,
    note_replay,
    note_response,
)
from orders.handlers.approving import decide_approval
from orders.handlers.attachments import (
    expect_attachment,
    forget_unnamed,
    keep_attachment,
    sweep_content,
)
from orders.handlers.award_office import record_award, record_offers, release_order
from orders.handlers.call_offs import call_off, check_call
from orders.handlers.needs import close_need, record_need
from orders.handlers.notices import tell_of_late
from orders.handlers.ordering import asked, cancel_order, check_route, create_order, submit_order
from orders.handlers.replaying import replay_decision

__all__ = [
    "advance_agreement",
    "approve_change",
    "asked",
    "call_off",
    "cancel_order",
    "check_call",
    "check_route",
    "close_need",
    "confirm_agreement",
    "create_order",
    "decide_approval",
    "draft_agreement",
    "draft_from_award",
    "end_agreement",
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
    "propose_change",
    "record_award",
    "record_need",
    "record_offers",
    "release_order",
    "replay_decision",
    "revise_agreement",
    "submit_order",
    "sweep_content",
    "tell_of_late",
]
