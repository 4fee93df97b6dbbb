"""Webhook channels with sealed secrets, the push schedule of deliveries, every attempt."""

from marktbund.migrating import execute

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANNELS = (
    """
    CREATE TABLE channel (
        supplier_id uuid PRIMARY KEY REFERENCES supplier,
        url text NOT NULL CHECK (url <> ''),
        status text NOT NULL CHECK (status IN ('active', 'disabled')),
        failures int NOT NULL CHECK (failures >= 0),
        trips int NOT NULL CHECK (trips >= 0),
        blocked_until timestamptz,
        CHECK (trips = 0 OR blocked_until IS NOT NULL)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE channel_secret (
        secret_id uuid PRIMARY KEY,
        supplier_id uuid NOT NULL REFERENCES channel ON DELETE CASCADE,
        sealed bytea NOT NULL,
        expires_at timestamptz
    )
    """,
    "CREATE INDEX channel_secret_supplier ON channel_secret (supplier_id)",
)
# What waits today is due at once for a supplier that gets a channel; without one nobody looks.
SCHEDULE = (
    """
    ALTER TABLE delivery
        ADD COLUMN attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        ADD COLUMN step int NOT NULL DEFAULT 0 CHECK (step >= 0),
        ADD COLUMN next_attempt_at timestamptz DEFAULT now(),
        ADD COLUMN claimed_until timestamptz,
        ADD COLUMN held_at timestamptz,
        ADD COLUMN abandoned_at timestamptz
    """,
    "ALTER TABLE delivery ALTER COLUMN next_attempt_at DROP DEFAULT",
    # The queue of each supplier: a dead one's backlog is never walked for another's next document.
    """
    CREATE INDEX delivery_due ON delivery (supplier_id, next_attempt_at, seq)
     WHERE acknowledged_at IS NULL AND abandoned_at IS NULL
    """,
    "CREATE INDEX delivery_claimed ON delivery (supplier_id) WHERE claimed_until IS NOT NULL",
    """
    CREATE INDEX delivery_unheld ON delivery (supplier_id, seq)
     WHERE acknowledged_at IS NULL AND abandoned_at IS NULL AND held_at IS NULL AND attempts = 0
       AND next_attempt_at IS NOT NULL
    """,
    """
    CREATE INDEX delivery_abandoned ON delivery (supplier_id, seq)
     WHERE acknowledged_at IS NULL AND abandoned_at IS NOT NULL
    """,
    """
    CREATE TABLE attempt (
        delivery_id uuid NOT NULL REFERENCES delivery,
        number int NOT NULL CHECK (number > 0),
        begun_at timestamptz NOT NULL,
        ended_at timestamptz,
        result text CHECK (result IN ('delivered', 'timeout', 'unreachable', 'target_refused',
            'server_error', 'throttled', 'rejected', 'gone')),
        http_status int,
        next_attempt_at timestamptz,
        PRIMARY KEY (delivery_id, number),
        CHECK ((ended_at IS NULL) = (result IS NULL))
    ) WITH (fillfactor = 80)
    """,
)
RIGHTS = (
    """
    GRANT SELECT, INSERT, DELETE, UPDATE (url, status, failures, trips, blocked_until)
        ON channel TO {app}
    """,
    "GRANT SELECT, INSERT, DELETE, UPDATE (expires_at) ON channel_secret TO {app}",
    """
    GRANT UPDATE (attempts, step, next_attempt_at, claimed_until, held_at, abandoned_at)
        ON delivery TO {app}
    """,
    """
    GRANT SELECT, INSERT, UPDATE (ended_at, result, http_status, next_attempt_at)
        ON attempt TO {app}
    """,
)


def upgrade() -> None:
    execute(CHANNELS)
    execute(SCHEDULE)
    execute(RIGHTS)
