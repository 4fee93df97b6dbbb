"""Questions: SQL straight to the answer."""

from members.views.register import (
    ContactAnswer,
    MemberAnswer,
    PageSize,
    PersonAnswer,
    PresetAnswer,
    RuleSetAnswer,
    UnitAnswer,
    contact,
    members,
    person_by_sub,
    persons,
    rule_set,
    units,
)

__all__ = [
    "ContactAnswer",
    "MemberAnswer",
    "PageSize",
    "PersonAnswer",
    "PresetAnswer",
    "RuleSetAnswer",
    "UnitAnswer",
    "contact",
    "members",
    "person_by_sub",
    "persons",
    "rule_set",
    "units",
]
