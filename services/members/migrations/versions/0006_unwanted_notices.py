"""What people do not want to be told by mail."""

from marktbund.migrating import execute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNWANTED = (
    """
    CREATE TABLE unwanted_notice (
        person_id uuid NOT NULL REFERENCES person,
        kind text NOT NULL CHECK (kind <> ''),
        PRIMARY KEY (person_id, kind)
    )
    """,
    "GRANT SELECT, INSERT, DELETE ON unwanted_notice TO {app}",
)


def upgrade() -> None:
    execute(UNWANTED)
