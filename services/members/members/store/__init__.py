"""Tables, and aggregates as rows: questions, locks and writes to put together, in plain sight."""

from members.store.feeds import FEEDS
from members.store.tables import member_table, metadata, person_table, rule_set_table, unit_table

__all__ = ["FEEDS", "member_table", "metadata", "person_table", "rule_set_table", "unit_table"]
