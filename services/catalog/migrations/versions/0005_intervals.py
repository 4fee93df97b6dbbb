"""The interval an article is ordered in; minima already known are published once more."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INTERVAL = """
    ADD COLUMN quantity_interval numeric CHECK (quantity_interval > 0
        AND quantity_interval <= 9999999 AND scale(quantity_interval) <= 3)
"""
STEPS = (
    f"ALTER TABLE price_list_row {INTERVAL}",
    f"ALTER TABLE article {INTERVAL}",
    # States said nothing of the minimum so far, and consumers take only what is newer.
    "UPDATE article SET version = version + 1 WHERE minimum_quantity <> 1",
)


def upgrade() -> None:
    execute(STEPS)
