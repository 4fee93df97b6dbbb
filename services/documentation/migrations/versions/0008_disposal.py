"""A content is deleted only under a signed record that says who, why and by which law."""

from marktbund.migrating import execute

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FUNCTION = (
    """
    CREATE INDEX record_disposed ON record (chain_id, aggregate_version)
     WHERE type = 'marktbund.documentation.ContentDisposed.v1'
    """,
    """
    CREATE FUNCTION dispose_filed() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH gone AS (
            DELETE FROM payload AS p USING record AS d, record AS r
             WHERE d.type = 'marktbund.documentation.ContentDisposed.v1'
               AND p.chain_id = d.chain_id AND p.seq = d.aggregate_version AND d.seq > p.seq
               AND r.chain_id = p.chain_id AND r.seq = p.seq AND r.event_id::text = d.key
               AND r.type NOT LIKE 'marktbund.documentation.%'
               AND d.seq <= (SELECT max(h.seq) FROM checkpoint_head AS h
                              WHERE h.chain_id = d.chain_id)
            RETURNING 1
        )
        SELECT count(*) FROM gone
    $$
    """,
    "REVOKE ALL ON FUNCTION dispose_filed() FROM PUBLIC",
    """
    DO $$
    DECLARE
        disposal text := regexp_replace(current_user, '_owner$', '') || '_disposal';
    BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = disposal) THEN
            EXECUTE format('REVOKE ALL ON payload FROM %I', disposal);
            EXECUTE format('GRANT EXECUTE ON FUNCTION dispose_filed() TO %I', disposal);
        END IF;
    END $$
    """,
)


def upgrade() -> None:
    execute(FUNCTION)
