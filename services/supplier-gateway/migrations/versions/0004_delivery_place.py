"""Where goods are taken and what to name on despatch and invoice; lines that rest on a quote."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TOLD = (
    """
    ALTER TABLE supplier_order
        ADD COLUMN delivery jsonb, ADD COLUMN buyer_reference text NOT NULL DEFAULT ''
    """,
    "ALTER TABLE supplier_order_line ADD COLUMN quoted_on date",
)


def upgrade() -> None:
    execute(TOLD)
