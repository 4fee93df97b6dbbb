"""What was said beside the lines of the last order, offered for the next."""

from marktbund.migrating import execute

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LAST = (
    """
    CREATE TABLE last_details (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        said jsonb NOT NULL,
        PRIMARY KEY (sub, member_id)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON last_details TO {app}",
)


def upgrade() -> None:
    execute(LAST)
