"""Least quantity of an article and the step it is delivered in, where its price list names them."""

from marktbund.migrating import execute

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BOUNDS = (
    """
    ALTER TABLE article
        ADD COLUMN minimum_quantity numeric(10, 3) CHECK (minimum_quantity > 0),
        ADD COLUMN quantity_interval numeric(10, 3) CHECK (quantity_interval > 0)
    """,
)


def upgrade() -> None:
    execute(BOUNDS)
