"""The chains and their checkpoints, the contents beside them, and the platform's tables."""

from marktbund import platform_tables
from marktbund.ids import new_id
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE unsealed (
        seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
        shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
        chain_id text NOT NULL CHECK (chain_id <> ''),
        event_id uuid NOT NULL,
        type text NOT NULL,
        key text NOT NULL,
        aggregate_version bigint CHECK (aggregate_version BETWEEN 0 AND 9007199254740991),
        time text NOT NULL,
        recorded_at text NOT NULL,
        business_time text,
        demo boolean NOT NULL,
        order_id uuid,
        meta_hash bytea NOT NULL CHECK (octet_length(meta_hash) = 32),
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
        salt bytea NOT NULL CHECK (octet_length(salt) = 32),
        payload bytea NOT NULL
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
            autovacuum_vacuum_cost_delay = 0)
    """,
    """
    CREATE TABLE record (
        chain_id text NOT NULL CHECK (chain_id <> ''),
        seq bigint NOT NULL CHECK (seq > 0),
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
        event_id uuid NOT NULL,
        type text NOT NULL,
        key text NOT NULL,
        aggregate_version bigint CHECK (aggregate_version BETWEEN 0 AND 9007199254740991),
        time text NOT NULL,
        recorded_at text NOT NULL,
        business_time text,
        demo boolean NOT NULL,
        order_id uuid,
        PRIMARY KEY (chain_id, seq)
    )
    """,
    "CREATE UNIQUE INDEX record_event ON record (event_id)",
    "CREATE INDEX record_order ON record (order_id, seq) WHERE order_id IS NOT NULL",
    """
    CREATE TABLE payload (
        chain_id text NOT NULL,
        seq bigint NOT NULL CHECK (seq > 0),
        salt bytea NOT NULL CHECK (octet_length(salt) = 32),
        payload bytea NOT NULL,
        PRIMARY KEY (chain_id, seq)
    )
    """,
    """
    CREATE TABLE chain (
        chain_id text PRIMARY KEY CHECK (chain_id <> ''),
        shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
        head_seq bigint NOT NULL CHECK (head_seq >= 0),
        head_hash bytea NOT NULL CHECK (octet_length(head_hash) = 32)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE checkpoint (
        number bigint PRIMARY KEY CHECK (number > 0),
        time text NOT NULL,
        root bytea NOT NULL CHECK (octet_length(root) = 32),
        previous bytea NOT NULL CHECK (octet_length(previous) = 32),
        signature bytea NOT NULL CHECK (octet_length(signature) = 64),
        key_id text NOT NULL CHECK (key_id ~ '^[0-9a-f]{64}$'),
        canonical bytea NOT NULL,
        chains bigint NOT NULL CHECK (chains > 0),
        records bigint NOT NULL CHECK (records >= chains)
    )
    """,
    """
    CREATE TABLE checkpoint_head (
        chain_id text NOT NULL,
        number bigint NOT NULL REFERENCES checkpoint,
        seq bigint NOT NULL CHECK (seq > 0),
        head bytea NOT NULL CHECK (octet_length(head) = 32),
        PRIMARY KEY (chain_id, number)
    )
    """,
    "CREATE UNIQUE INDEX checkpoint_head_seq ON checkpoint_head (chain_id, seq)",
    "CREATE INDEX checkpoint_head_number ON checkpoint_head (number)",
    """
    CREATE TABLE ledger (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        ledger_id uuid NOT NULL
    )
    """,
    f"INSERT INTO ledger (ledger_id) VALUES ('{new_id()}')",
    "INSERT INTO lease (task, shard) SELECT 'sealer', shard FROM generate_series(0, 15) AS shard",
    "INSERT INTO lease (task, shard) VALUES ('checkpoint', 0)",
    "GRANT SELECT, INSERT, DELETE ON unsealed TO {app}",
    "GRANT SELECT, INSERT ON record, payload, checkpoint, checkpoint_head TO {app}",
    "GRANT SELECT, INSERT, UPDATE ON chain TO {app}",
    "GRANT SELECT ON ledger TO {app}",
)

DISPOSAL = """
    DO $$
    DECLARE
        disposal text := regexp_replace(current_user, '_owner$', '') || '_disposal';
    BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = disposal) THEN
            EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', disposal);
            EXECUTE format('GRANT SELECT, DELETE ON payload TO %I', disposal);
        END IF;
    END $$
"""


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(TABLES)
    execute((DISPOSAL,))
