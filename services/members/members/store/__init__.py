"""Tables, and aggregates as rows: plain sight, version-checked, published as state."""

from members.store.bodies import (
    BODY_FEEDS,
    add_member,
    add_person,
    add_unit,
    is_authority,
    load_member,
    load_person,
    load_unit,
    lock_authorities,
    require_units,
    save_member,
    save_person,
    save_unit,
)
from members.store.rule_sets import (
    RULE_SET_FEED,
    find_rule_set,
    load_rule_set,
    rule_set_table,
    save_rule_set,
)
from members.store.tables import member_table, metadata, person_table, unit_table

FEEDS = (*BODY_FEEDS, RULE_SET_FEED)

__all__ = [
    "FEEDS",
    "add_member",
    "add_person",
    "add_unit",
    "find_rule_set",
    "is_authority",
    "load_member",
    "load_person",
    "load_rule_set",
    "load_unit",
    "lock_authorities",
    "member_table",
    "metadata",
    "person_table",
    "require_units",
    "rule_set_table",
    "save_member",
    "save_person",
    "save_rule_set",
    "save_unit",
    "unit_table",
]
