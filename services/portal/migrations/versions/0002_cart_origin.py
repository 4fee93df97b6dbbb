"""The draft of orders that a cart goes on from."""

from marktbund.migrating import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE cart_origin (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        draft_id uuid NOT NULL,
        PRIMARY KEY (sub, member_id)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON cart_origin TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
