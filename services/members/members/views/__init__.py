"""Questions: SQL straight to the answer."""

from members.views.granting import granted, registered, role_holders, waiting_requests
from members.views.register import (
    contact,
    members,
    notices,
    person_by_sub,
    persons,
    rule_set,
    units,
)

__all__ = [
    "contact",
    "granted",
    "members",
    "notices",
    "person_by_sub",
    "persons",
    "registered",
    "role_holders",
    "rule_set",
    "units",
    "waiting_requests",
]
