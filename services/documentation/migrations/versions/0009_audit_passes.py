"""How far the scheduled audits of checkpoints and of the log have come, and what they found."""

from marktbund.migrating import execute

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE audit_pass (
        name text PRIMARY KEY CHECK (name IN ('anchor', 'checkpoints', 'log')),
        begun_at timestamptz NOT NULL,
        finished_at timestamptz,
        position bigint NOT NULL CHECK (position >= 0),
        counted bigint NOT NULL CHECK (counted >= 0),
        findings bigint NOT NULL CHECK (findings >= 0),
        named text NOT NULL
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON audit_pass TO {app}",
    "INSERT INTO lease (task, shard) VALUES ('audit_checkpoints', 0), ('audit_log', 0)",
)


def upgrade() -> None:
    execute(TABLES)
