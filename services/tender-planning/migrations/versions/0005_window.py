"""Months of supply cells by block range: a cell is looked up by its key, never by its month."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Without statistics the planner took a tree over months for a single cell, thousands of rows each.
INDEX = (
    "DROP INDEX group_supply_month",
    "CREATE INDEX group_supply_month ON group_supply USING brin (month)",
)


def upgrade() -> None:
    execute(INDEX)
