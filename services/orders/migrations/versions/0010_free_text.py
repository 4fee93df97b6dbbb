"""Free-text lines with their quotes, account assignment per line, uploaded documents."""

from marktbund.migrating import execute

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LINES = (
    "ALTER TABLE wanted_line ADD COLUMN free_text jsonb, ADD COLUMN account jsonb",
    "ALTER TABLE order_line ADD COLUMN quote jsonb, ADD COLUMN account jsonb",
)
ATTACHMENTS = (
    """
    CREATE TABLE attachment (
        member_id uuid NOT NULL,
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        media_type text NOT NULL
            CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
        size_bytes int NOT NULL CHECK (size_bytes > 0),
        uploaded_by uuid NOT NULL,
        uploaded_at timestamptz NOT NULL,
        PRIMARY KEY (member_id, sha256)
    )
    """,
    "GRANT SELECT, INSERT ON attachment TO {app}",
)


def upgrade() -> None:
    execute(LINES)
    execute(ATTACHMENTS)
