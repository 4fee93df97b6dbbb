"""Whether checkpoints are signed, and if not, why; declarations of a break are looked up."""

from marktbund.migrating import execute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE signing (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        state text NOT NULL CHECK (state IN ('signing', 'waiting', 'refused')),
        reason text NOT NULL,
        detail text NOT NULL,
        since timestamptz NOT NULL
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON signing TO {app}",
    """
    CREATE INDEX record_restored ON record (chain_id, seq)
     WHERE type = 'marktbund.documentation.FileRestored.v1'
    """,
)


def upgrade() -> None:
    execute(TABLES)
