"""The tables every service has for delivery, authorisation and idempotency; part of migration 1.

Frozen once released: a later change is a new tuple of statements and a new migration.
"""

INITIAL = (
    # -- announcing -------------------------------------------------------------------------
    """
    CREATE TABLE outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
        id uuid NOT NULL,
        aggregatetype text NOT NULL,
        aggregateid text NOT NULL,
        type text NOT NULL,
        topic text NOT NULL,
        payload bytea NOT NULL,
        headers jsonb NOT NULL,
        shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
        created_at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
            autovacuum_vacuum_cost_delay = 0)
    """,
    """
    CREATE TABLE lease (
        task text NOT NULL,
        shard smallint NOT NULL,
        owner uuid,
        epoch bigint NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        PRIMARY KEY (task, shard)
    )
    """,
    "INSERT INTO lease (task, shard) SELECT 'relay', shard FROM generate_series(0, 15) AS shard",
    # -- hearing ----------------------------------------------------------------------------
    """
    CREATE TABLE inbox (
        event_id uuid NOT NULL,
        consumer text NOT NULL,
        PRIMARY KEY (event_id, consumer)
    ) PARTITION BY RANGE (event_id)
    """,
    "CREATE TABLE inbox_default PARTITION OF inbox DEFAULT",
    """
    CREATE TABLE consumer_offset (
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL DEFAULT 0 CHECK (next_offset >= 0),
        cluster_id text NOT NULL,
        topic_id text NOT NULL,
        applied bigint NOT NULL DEFAULT 0,
        duplicates bigint NOT NULL DEFAULT 0,
        parked bigint NOT NULL DEFAULT 0,
        discarded bigint NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, partition)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE aggregate_position (
        consumer text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (consumer, topic, key)
    )
    """,
    """
    CREATE TABLE version_gap (
        consumer text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        expected bigint NOT NULL,
        got bigint NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, key, got)
    )
    """,
    # headers: json, not jsonb, which refuses the NUL that a bad header may hold.
    """
    CREATE TABLE dead_letter (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        record_offset bigint NOT NULL,
        key bytea,
        headers json NOT NULL,
        value bytea,
        code text NOT NULL,
        cause text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        status text NOT NULL DEFAULT 'parked'
            CHECK (status IN ('parked', 'applied', 'duplicate', 'discarded')),
        attempts int NOT NULL DEFAULT 0,
        retry_code text,
        retry_cause text
    )
    """,
    """
    CREATE UNIQUE INDEX dead_letter_place
        ON dead_letter (consumer, topic, partition, record_offset) WHERE status = 'parked'
    """,
    # A key may be longer than an index entry; its hash is not.
    """
    CREATE INDEX dead_letter_key ON dead_letter (consumer, topic, sha256(key), record_offset)
     WHERE status = 'parked'
    """,
    """
    CREATE TABLE dead_letter_step (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        letter_id uuid NOT NULL REFERENCES dead_letter,
        step text NOT NULL
            CHECK (step IN ('repaired', 'failed', 'applied', 'duplicate', 'discarded')),
        done_by uuid NOT NULL,
        done_at timestamptz NOT NULL DEFAULT now(),
        detail text NOT NULL DEFAULT '',
        headers json,
        value bytea,
        CHECK ((step = 'repaired') = (headers IS NOT NULL))
    )
    """,
    "CREATE INDEX dead_letter_step_letter ON dead_letter_step (letter_id, seq)",
    # -- authorisation and idempotency --------------------------------------------------------
    """
    CREATE TABLE principal (
        person_id uuid PRIMARY KEY,
        sub text NOT NULL UNIQUE,
        kind text NOT NULL CHECK (kind IN ('person', 'machine')),
        active boolean NOT NULL,
        grants jsonb NOT NULL,
        mandates jsonb NOT NULL,
        version bigint NOT NULL
    )
    """,
    """
    CREATE TABLE idempotency (
        actor text NOT NULL,
        key text NOT NULL,
        request_sha256 bytea NOT NULL,
        status smallint NOT NULL,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (actor, key)
    )
    """,
    """
    GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, lease, inbox, consumer_offset,
        aggregate_position, version_gap, principal, idempotency TO {app}
    """,
    # What was parked, and what was done about it by whom, is never overwritten and never deleted.
    """
    GRANT SELECT, INSERT, UPDATE (status, attempts, retry_code, retry_cause) ON dead_letter TO {app}
    """,
    "GRANT SELECT, INSERT ON dead_letter_step TO {app}",
    """
    CREATE FUNCTION ensure_inbox_partition(month date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        name text := 'inbox_' || to_char(month, 'YYYYMM');
        low timestamptz := month::timestamp AT TIME ZONE 'UTC';
        high timestamptz := (month + interval '1 month')::timestamp AT TIME ZONE 'UTC';
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('ensure_inbox_partition'));
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.inbox FOR VALUES FROM (%L) TO (%L)',
                name, uuid_floor(low), uuid_floor(high));
        END IF;
    END $$
    """,
    """
    CREATE FUNCTION uuid_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
                || '00000000000000000000')::uuid
    $$
    """,
    "REVOKE ALL ON FUNCTION ensure_inbox_partition(date) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION ensure_inbox_partition(date) TO {app}",
)

RESTORED = (
    # -- a database put back to an earlier point ------------------------------------------------
    """
    CREATE TABLE published (
        topic text NOT NULL,
        partition int NOT NULL,
        next_offset bigint NOT NULL CHECK (next_offset >= 0),
        PRIMARY KEY (topic, partition)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE version_floor (
        topic text NOT NULL,
        key text NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        decided boolean NOT NULL DEFAULT false,
        PRIMARY KEY (topic, key)
    )
    """,
    """
    CREATE TABLE reconciliation (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        done_by uuid NOT NULL,
        done_at timestamptz NOT NULL DEFAULT now(),
        reason text NOT NULL,
        taken_over bigint NOT NULL,
        repeated bigint NOT NULL,
        given_up jsonb NOT NULL
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON published TO {app}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON version_floor TO {app}",
    # Who gave what up, and why, is never overwritten.
    "GRANT SELECT, INSERT ON reconciliation TO {app}",
)
"""Since migration 2 (documentation: 3): what was published, and what was decided about the rest."""

EXPIRING = (
    # -- what is kept for a time only ------------------------------------------------------------
    "CREATE INDEX idempotency_created ON idempotency (created_at)",
    """
    CREATE FUNCTION drop_inbox_partitions(before date) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
    SET lock_timeout = '2s' AS $$
    DECLARE
        name text;
        dropped int := 0;
    BEGIN
        FOR name IN
            SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'public.inbox'::regclass AND c.relname ~ '^inbox_[0-9]{6}$'
               AND to_date(substr(c.relname, 7), 'YYYYMM') + interval '1 month' <= before
             ORDER BY c.relname
        LOOP
            EXECUTE format('DROP TABLE IF EXISTS public.%I', name);
            dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
    END $$
    """,
    "REVOKE ALL ON FUNCTION drop_inbox_partitions(date) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION drop_inbox_partitions(date) TO {app}",
)
"""Since one migration of each service: answers and months of the inbox go after a time."""

SKIPPING = (
    # -- events of types that a release does not know --------------------------------------------
    "ALTER TABLE consumer_offset ADD COLUMN skipped bigint NOT NULL DEFAULT 0",
    """
    CREATE TABLE skipped_type (
        consumer text NOT NULL,
        topic text NOT NULL,
        type text NOT NULL,
        partition int NOT NULL,
        first_offset bigint NOT NULL,
        first_at timestamptz NOT NULL DEFAULT now(),
        records bigint NOT NULL CHECK (records > 0),
        repaired_at timestamptz,
        PRIMARY KEY (consumer, topic, type, partition)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON skipped_type TO {app}",
)
"""Since one migration of each service: what a reader passed by, and where it began."""

UNSHARDED = (
    # -- one holder sends everything ---------------------------------------------------------------
    # The release before writes a shard and sends only those it holds: all sixteen. It finds what
    # this one writes under 0. Contract, a release after this one: the statements in ADR 0010.
    "ALTER TABLE outbox ALTER COLUMN shard SET DEFAULT 0",
)
"""Since one migration of each service: the outbox is in no parts, and a lease has no epoch."""
