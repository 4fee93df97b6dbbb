"""What is put before an approver is kept as bytes; decisions of before have their hash alone."""

from marktbund.migrating import execute

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(
        [
            """
        ALTER TABLE route_decision ADD COLUMN content bytea,
            ADD CONSTRAINT route_decision_content
            CHECK (content IS NULL OR encode(sha256(content), 'hex') = content_sha256)
        """
        ]
    )
