"""Versions of carts, and orders sent off until it is known what came of them."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE cart (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        version uuid NOT NULL,
        PRIMARY KEY (sub, member_id)
    )
    """,
    """
    INSERT INTO cart (sub, member_id, version)
    SELECT DISTINCT ON (sub, member_id) sub, member_id, gen_random_uuid() FROM cart_line
    """,
    """
    CREATE TABLE sent_order (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        key text NOT NULL CHECK (length(key) BETWEEN 8 AND 64),
        kind text NOT NULL CHECK (kind IN ('cart', 'free_text')),
        door text NOT NULL,
        body text NOT NULL,
        lines jsonb NOT NULL,
        said jsonb NOT NULL,
        sent_at timestamptz NOT NULL,
        order_id uuid,
        PRIMARY KEY (sub, member_id, key)
    )
    """,
    "CREATE INDEX sent_order_sent_at ON sent_order (sent_at)",
    "GRANT SELECT, INSERT, UPDATE (version) ON cart TO {app}",
    "GRANT SELECT, INSERT, DELETE, UPDATE (order_id) ON sent_order TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
