"""Member bodies, units, accounts, and the platform's tables."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE member (
        member_id uuid PRIMARY KEY,
        name text NOT NULL CHECK (name <> ''),
        legal_form text NOT NULL CHECK (legal_form IN
            ('municipality', 'district', 'university', 'state_body', 'company', 'other')),
        official_key text NOT NULL UNIQUE,
        status text NOT NULL CHECK (status IN ('active', 'suspended', 'withdrawn')),
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    """
    CREATE TABLE unit (
        unit_id uuid PRIMARY KEY,
        member_id uuid NOT NULL REFERENCES member,
        name text NOT NULL CHECK (name <> ''),
        cost_centre text NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    """
    CREATE TABLE person (
        person_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('person', 'machine')),
        sub text NOT NULL UNIQUE,
        grants jsonb NOT NULL,
        mandates jsonb NOT NULL,
        unit_ids uuid[] NOT NULL,
        active boolean NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    "CREATE INDEX member_unpublished ON member (member_id) WHERE published_version < version",
    "CREATE INDEX unit_unpublished ON unit (unit_id) WHERE published_version < version",
    "CREATE INDEX person_unpublished ON person (person_id) WHERE published_version < version",
    "GRANT SELECT, INSERT, UPDATE ON member, unit, person TO {app}",
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(TABLES)
