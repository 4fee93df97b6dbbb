"""Questions: SQL straight to the answer."""

from members.views.register import (
    ContactAnswer,
    MemberAnswer,
    NoticesAnswer,
    PageSize,
    PersonAnswer,
    PresetAnswer,
    RuleSetAnswer,
    UnitAnswer,
    contact,
    members,
    notices,
    person_by_sub,
    persons,
    rule_set,
    units,
)

__all__ = [
    "ContactAnswer",
    "MemberAnswer",
    "NoticesAnswer",
    "PageSize",
    "PersonAnswer",
    "PresetAnswer",
    "RuleSetAnswer",
    "UnitAnswer",
    "contact",
    "members",
    "notices",
    "person_by_sub",
    "persons",
    "rule_set",
    "units",
]
