"""One function per command: load, let the domain decide, save, announce; set-wise for streams."""

from members.handlers.bodies import (
    adopt_rules,
    change_member_status,
    change_unit_awards,
    choose_notices,
    deactivate_person,
    grant_roles,
    register_member,
    register_person,
    register_unit,
    set_contact,
    set_contracting_authority,
    withdraw_rules,
)
from members.handlers.mails import claim_mails, note_notices, record_attempt
from members.handlers.sign_ins import claim_sign_ins, record_sign_in

__all__ = [
    "adopt_rules",
    "change_member_status",
    "change_unit_awards",
    "choose_notices",
    "claim_mails",
    "claim_sign_ins",
    "deactivate_person",
    "grant_roles",
    "note_notices",
    "record_attempt",
    "record_sign_in",
    "register_member",
    "register_person",
    "register_unit",
    "set_contact",
    "set_contracting_authority",
    "withdraw_rules",
]
