"""Which documents something names, and when contents were last received: what may be swept."""

from marktbund.migrating import execute

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# What was uploaded before, or by a process of the version before, counts as named: nobody noted it.
STEPS = (
    """
    ALTER TABLE attachment
        ADD COLUMN received_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN named_at timestamptz DEFAULT now()
    """,
    "CREATE INDEX attachment_received ON attachment (member_id, received_at)",
    "CREATE INDEX attachment_unnamed ON attachment (received_at) WHERE named_at IS NULL",
    "CREATE INDEX attachment_content ON attachment (sha256)",
    """
    CREATE TABLE document_content (
        sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        touched_at timestamptz NOT NULL
    )
    """,
    "INSERT INTO document_content SELECT DISTINCT sha256, now() FROM attachment",
    "CREATE INDEX document_content_touched ON document_content (touched_at)",
    "GRANT UPDATE (received_at, named_at), DELETE ON attachment TO {app}",
    "GRANT SELECT, INSERT, UPDATE (touched_at), DELETE ON document_content TO {app}",
)


def upgrade() -> None:
    execute(STEPS)
