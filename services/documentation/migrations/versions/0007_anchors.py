"""A checkpoint of every day goes where the operator of this database does not reach."""

from marktbund.migrating import execute

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE anchor (
        day date PRIMARY KEY,
        anchor_id uuid NOT NULL UNIQUE,
        version bigint NOT NULL UNIQUE CHECK (version > 0),
        number bigint NOT NULL CHECK (number > 0),
        document bytea NOT NULL,
        made_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE anchor_delivery (
        day date NOT NULL REFERENCES anchor,
        channel text NOT NULL CHECK (channel IN ('file', 'stamp')),
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered')),
        attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_attempt_at timestamptz,
        reason text NOT NULL DEFAULT '',
        delivered_at timestamptz,
        receipt bytea,
        PRIMARY KEY (day, channel),
        CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
        CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
    )
    """,
    "CREATE INDEX anchor_delivery_due ON anchor_delivery (next_attempt_at) WHERE state = 'waiting'",
    "GRANT SELECT, INSERT ON anchor TO {app}",
    "GRANT SELECT, INSERT ON anchor_delivery TO {app}",
    """
    GRANT UPDATE (state, attempts, next_attempt_at, reason, delivered_at, receipt)
        ON anchor_delivery TO {app}
    """,
    "INSERT INTO lease (task, shard) VALUES ('anchor', 0)",
)


def upgrade() -> None:
    execute(TABLES)
