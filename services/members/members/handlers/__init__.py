"""One function per command: gather, decide, write; set-wise for what is heard."""

from members.handlers.anchors import note_anchors
from members.handlers.bodies import (
    change_member_status,
    change_unit_awards,
    register_member,
    register_unit,
    set_contracting_authority,
)
from members.handlers.granting import (
    ask_for_role,
    confirm_request,
    grant_roles,
    refuse_request,
    revoke_role,
)
from members.handlers.mails import claim_mails, note_notices, record_attempt
from members.handlers.people import (
    bootstrap_office,
    choose_notices,
    deactivate_person,
    register_colleague,
    register_person,
    set_contact,
)
from members.handlers.rule_sets import adopt_rules, withdraw_rules
from members.handlers.sign_ins import claim_sign_ins, record_sign_in

__all__ = [
    "adopt_rules",
    "ask_for_role",
    "bootstrap_office",
    "change_member_status",
    "change_unit_awards",
    "choose_notices",
    "claim_mails",
    "claim_sign_ins",
    "confirm_request",
    "deactivate_person",
    "grant_roles",
    "note_anchors",
    "note_notices",
    "record_attempt",
    "record_sign_in",
    "refuse_request",
    "register_colleague",
    "register_member",
    "register_person",
    "register_unit",
    "revoke_role",
    "set_contact",
    "set_contracting_authority",
    "withdraw_rules",
]
