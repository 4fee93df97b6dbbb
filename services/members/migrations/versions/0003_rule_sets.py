"""Contracting authorities, what units award themselves, rule sets."""

from marktbund.migrating import execute

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "ALTER TABLE member ADD COLUMN contracting_authority_id uuid REFERENCES member",
    "ALTER TABLE unit ADD COLUMN awards jsonb NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE rule_set (
        rule_set_id uuid PRIMARY KEY,
        member_id uuid NOT NULL UNIQUE REFERENCES member,
        status text NOT NULL CHECK (status IN ('active', 'withdrawn')),
        rules jsonb NOT NULL,
        approval_steps jsonb NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    "CREATE INDEX rule_set_unpublished ON rule_set (rule_set_id) WHERE published_version < version",
    "GRANT SELECT, INSERT, UPDATE ON rule_set TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
