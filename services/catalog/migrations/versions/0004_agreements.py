"""Framework agreements as orders tells them: which groups and articles they cover, and when."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEPS = (
    """
    CREATE TABLE agreement (
        agreement_id uuid PRIMARY KEY,
        number text NOT NULL,
        title text NOT NULL,
        binding text NOT NULL CHECK (binding IN ('exclusive', 'open')),
        status text NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        comparable_groups text[] NOT NULL,
        article_ids uuid[] NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    "CREATE INDEX agreement_groups ON agreement USING gin (comparable_groups)",
    "CREATE INDEX agreement_articles ON agreement USING gin (article_ids)",
    "GRANT SELECT, INSERT, UPDATE ON agreement TO {app}",
)


def upgrade() -> None:
    execute(STEPS)
