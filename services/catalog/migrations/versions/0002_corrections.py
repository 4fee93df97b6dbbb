"""Reviewed corrections of comparable groups, and the group an article has by them."""

from marktbund.migrating import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STEPS = (
    """
    CREATE TABLE group_correction (
        source text PRIMARY KEY CHECK (source <> ''),
        to_group text NOT NULL CHECK (to_group <> '' AND to_group <> source),
        status text NOT NULL CHECK (status IN ('active', 'withdrawn')),
        version bigint NOT NULL CHECK (version > 0),
        resolved text CHECK (resolved <> '' AND resolved <> source),
        pending boolean NOT NULL,
        CHECK (status = 'active' OR resolved IS NULL)
    )
    """,
    "CREATE INDEX group_correction_pending ON group_correction (source) WHERE pending",
    "ALTER TABLE article ADD COLUMN corrected_group text CHECK (corrected_group <> '')",
    "CREATE INDEX article_comparable_group ON article (comparable_group)",
    "GRANT SELECT, INSERT, UPDATE ON group_correction TO {app}",
)


def upgrade() -> None:
    execute(STEPS)
