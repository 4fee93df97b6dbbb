"""Rows published as state: members, units, accounts, rule sets."""

from functools import partial

from marktbund.contracts.members import (
    MEMBER_STATE,
    PERSON_STATE,
    UNIT_STATE,
    MemberState,
    PersonState,
    UnitState,
)
from marktbund.contracts.rule_sets import RULE_SET_STATE, RuleSetState
from marktbund.feeds import StateFeed
from members.store.tables import member_table, person_table, rule_set_table, unit_table

FEEDS = (
    StateFeed(
        member_table,
        "member_id",
        MEMBER_STATE,
        partial(MemberState.model_validate, from_attributes=True),
    ),
    StateFeed(
        unit_table, "unit_id", UNIT_STATE, partial(UnitState.model_validate, from_attributes=True)
    ),
    StateFeed(
        person_table,
        "person_id",
        PERSON_STATE,
        partial(PersonState.model_validate, from_attributes=True),
    ),
    StateFeed(
        rule_set_table,
        "rule_set_id",
        RULE_SET_STATE,
        partial(RuleSetState.model_validate, from_attributes=True),
    ),
)
"""In the order in which readers can use them: an account's roles are at members."""
