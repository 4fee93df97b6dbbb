"""The day's checkpoint, as it goes to every auditor by mail."""

from marktbund.migrating import execute

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE anchored_checkpoint (
        anchor_id uuid PRIMARY KEY,
        day date NOT NULL,
        number bigint NOT NULL CHECK (number > 0),
        time text NOT NULL,
        root text NOT NULL,
        previous text NOT NULL,
        signature text NOT NULL,
        key_id text NOT NULL
    )
    """,
    "ALTER TABLE mail ADD COLUMN anchor_id uuid",
    "GRANT SELECT, INSERT ON anchored_checkpoint TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
