"""Sessions, carts, sign-ins under way, what is heard of suppliers and members, the platform's."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE session (
        key_sha256 bytea PRIMARY KEY CHECK (octet_length(key_sha256) = 32),
        sub text NOT NULL CHECK (sub <> ''),
        sign_in text NOT NULL,
        name text NOT NULL,
        sealed_tokens bytea NOT NULL,
        access_until timestamptz NOT NULL,
        csrf text NOT NULL CHECK (length(csrf) >= 32),
        member_id uuid,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL CHECK (ends_at > started_at)
    )
    """,
    "CREATE INDEX session_sub ON session (sub)",
    "CREATE INDEX session_sign_in ON session (sign_in)",
    "CREATE INDEX session_ends_at ON session (ends_at)",
    """
    CREATE TABLE sign_in (
        key_sha256 bytea PRIMARY KEY CHECK (octet_length(key_sha256) = 32),
        state text NOT NULL,
        nonce text NOT NULL,
        verifier text NOT NULL,
        target text NOT NULL CHECK (target LIKE '/%' AND target NOT LIKE '//%'),
        ends_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX sign_in_ends_at ON sign_in (ends_at)",
    """
    CREATE TABLE cart_line (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        article_id uuid NOT NULL,
        quantity numeric(10, 3) NOT NULL CHECK (quantity > 0),
        added_at timestamptz NOT NULL,
        PRIMARY KEY (sub, member_id, article_id)
    )
    """,
    """
    CREATE TABLE seller (
        supplier_id uuid PRIMARY KEY,
        name text NOT NULL,
        status text NOT NULL,
        subs text[] NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    "CREATE INDEX seller_subs ON seller USING gin (subs)",
    """
    CREATE TABLE member_name (
        member_id uuid PRIMARY KEY,
        name text NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON session, sign_in, cart_line TO {app}",
    "GRANT SELECT, INSERT, UPDATE ON seller, member_name TO {app}",
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(TABLES)
