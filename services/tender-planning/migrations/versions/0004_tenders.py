"""Proposed core assortments, tenders and their agreements, reviewed corrections of groups."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE proposal (
        proposal_id uuid PRIMARY KEY,
        cpv_class text NOT NULL CHECK (cpv_class ~ '^[0-9]{4}0000$'),
        status text NOT NULL CHECK (status IN ('proposed', 'rejected', 'faded', 'accepted')),
        version bigint NOT NULL CHECK (version >= 0),
        score numeric(4, 1) NOT NULL CHECK (score BETWEEN 0 AND 100),
        assessment jsonb NOT NULL,
        decision jsonb,
        returned text NOT NULL,
        assessed_at timestamptz NOT NULL,
        CHECK ((version = 0) = (decision IS NULL)),
        CHECK (status IN ('proposed', 'faded') OR decision IS NOT NULL)
    )
    """,
    "CREATE UNIQUE INDEX proposal_class ON proposal (cpv_class) WHERE status <> 'accepted'",
    """
    CREATE TABLE tender (
        tender_id uuid PRIMARY KEY,
        proposal_id uuid NOT NULL UNIQUE REFERENCES proposal,
        title text NOT NULL CHECK (title <> ''),
        status text NOT NULL CHECK (status IN ('open', 'awarded', 'cancelled')),
        version bigint NOT NULL CHECK (version BETWEEN 1 AND 2),
        opened_on date NOT NULL,
        ends_on date,
        content jsonb NOT NULL,
        award jsonb,
        CHECK ((status = 'awarded') = (award IS NOT NULL)),
        CHECK ((status = 'awarded') = (ends_on IS NOT NULL)),
        CHECK ((status = 'open') = (version = 1))
    )
    """,
    """
    CREATE TABLE tender_group (
        comparable_group text NOT NULL,
        tender_id uuid NOT NULL REFERENCES tender,
        PRIMARY KEY (comparable_group, tender_id)
    )
    """,
    """
    CREATE TABLE agreement (
        agreement_id uuid PRIMARY KEY,
        tender_id uuid,
        number text NOT NULL,
        title text NOT NULL,
        status text NOT NULL CHECK (status IN ('draft', 'confirmed', 'in_force', 'ended')),
        binding text NOT NULL CHECK (binding IN ('exclusive', 'open')),
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        comparable_groups text[] NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    "CREATE INDEX agreement_tender ON agreement (tender_id) WHERE tender_id IS NOT NULL",
    """
    CREATE TABLE group_correction (
        correction_id uuid PRIMARY KEY,
        source text NOT NULL UNIQUE CHECK (source <> ''),
        to_group text NOT NULL CHECK (to_group <> '' AND to_group <> source),
        reason text NOT NULL CHECK (reason <> ''),
        reviewed_by uuid NOT NULL,
        reviewed_at timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'withdrawn')),
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    """
    CREATE INDEX group_correction_unpublished ON group_correction (correction_id)
        WHERE published_version < version
    """,
    "GRANT SELECT, INSERT, UPDATE ON proposal, tender, agreement, group_correction TO {app}",
    "GRANT SELECT, INSERT ON tender_group TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
