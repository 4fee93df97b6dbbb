"""Whose forms are about, forms kept over a sign-in, and messages of the issuer that came before."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE form_proof (
        csrf_sha256 bytea PRIMARY KEY CHECK (octet_length(csrf_sha256) = 32),
        sub text NOT NULL,
        member_id uuid,
        ends_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX form_proof_ends_at ON form_proof (ends_at)",
    """
    CREATE TABLE kept_form (
        key_sha256 bytea PRIMARY KEY CHECK (octet_length(key_sha256) = 32),
        sub text NOT NULL,
        member_id uuid,
        path text NOT NULL CHECK (path LIKE '/%' AND path NOT LIKE '//%'),
        sealed_fields bytea NOT NULL,
        ends_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX kept_form_ends_at ON kept_form (ends_at)",
    """
    CREATE TABLE logout_message (
        jti text PRIMARY KEY,
        ends_at timestamptz NOT NULL
    )
    """,
    "GRANT SELECT, INSERT, DELETE, UPDATE (member_id) ON form_proof TO {app}",
    "GRANT SELECT, INSERT, DELETE ON kept_form, logout_message TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
