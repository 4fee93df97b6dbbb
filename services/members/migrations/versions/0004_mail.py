"""Where people are reached, and the mails to send. Addresses stand in one table only."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MAIL = (
    """
    CREATE TABLE contact (
        person_id uuid PRIMARY KEY REFERENCES person,
        email text NOT NULL CHECK (email LIKE '%_@_%'),
        version bigint NOT NULL DEFAULT 1 CHECK (version > 0)
    )
    """,
    "CREATE UNIQUE INDEX contact_email ON contact (lower(email))",
    # No address and no text: both are made when the mail is sent. No reference to person: a
    # notice may come of somebody a restored database does not know.
    """
    CREATE TABLE mail (
        notice_id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind <> ''),
        order_id uuid NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'sent', 'given_up', 'no_address')),
        attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        noted_at timestamptz NOT NULL,
        next_attempt_at timestamptz,
        reason text NOT NULL DEFAULT '',
        ended_at timestamptz,
        CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
        CHECK ((state = 'waiting') = (ended_at IS NULL))
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX mail_due ON mail (next_attempt_at) WHERE state = 'waiting'",
    "CREATE INDEX mail_given_up ON mail (ended_at) WHERE state = 'given_up'",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO {app}",
    "GRANT SELECT, INSERT, UPDATE ON mail TO {app}",
)


def upgrade() -> None:
    execute(MAIL)
