"""How far each chain was last verified, so that a page need not walk it from its first record."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE chain_audit (
        chain_id text PRIMARY KEY,
        audited_at timestamptz NOT NULL,
        begun_at timestamptz NOT NULL CHECK (begun_at <= audited_at),
        seq bigint NOT NULL CHECK (seq >= 0),
        head bytea NOT NULL CHECK (octet_length(head) = 32),
        findings bigint NOT NULL CHECK (findings >= 0),
        breaks bigint NOT NULL CHECK (breaks >= 0)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON chain_audit TO {app}",
    "INSERT INTO lease (task, shard) VALUES ('audit', 0)",
)


def upgrade() -> None:
    execute(TABLES)
