"""Why an order that waited could not be placed any more."""

from marktbund.migrating import execute

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HINDRANCES = (
    """
    ALTER TABLE approval
        ADD COLUMN occasion text CHECK (occasion IN ('approval', 'offers', 'release')),
        ADD COLUMN hindrances jsonb NOT NULL DEFAULT '[]'
    """,
)


def upgrade() -> None:
    execute(HINDRANCES)
