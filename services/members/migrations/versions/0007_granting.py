"""Roles that wait for a second person, and mails that are about no order."""

from marktbund.migrating import execute

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GRANTING = (
    # No reference from whoever asked or decided to person: their replica is what let them in.
    """
    CREATE TABLE grant_request (
        request_id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES person,
        role text NOT NULL CHECK (role <> ''),
        member_id uuid REFERENCES member,
        requested_by uuid NOT NULL CHECK (requested_by <> person_id),
        requested_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'refused')),
        decided_by uuid,
        decided_at timestamptz,
        comment text NOT NULL DEFAULT '',
        CHECK ((state = 'waiting') = (decided_by IS NULL)),
        CHECK ((state = 'waiting') = (decided_at IS NULL)),
        CHECK (state <> 'confirmed' OR decided_by NOT IN (requested_by, person_id))
    )
    """,
    """
    CREATE UNIQUE INDEX grant_request_waiting ON grant_request
        (person_id, role, coalesce(member_id, '00000000-0000-0000-0000-000000000000'))
     WHERE state = 'waiting'
    """,
    "GRANT SELECT, INSERT ON grant_request TO {app}",
    "GRANT UPDATE (state, decided_by, decided_at, comment) ON grant_request TO {app}",
    "ALTER TABLE mail ALTER COLUMN order_id DROP NOT NULL",
)


def upgrade() -> None:
    execute(GRANTING)
