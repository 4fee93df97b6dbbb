"""What the identity provider is still to be told about accounts."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SIGN_INS = (
    # made: the account at the identity provider is ours, found there by the person's id. wanted
    # counts what changed, told what it knows of.
    """
    CREATE TABLE sign_in (
        person_id uuid PRIMARY KEY REFERENCES person,
        made boolean NOT NULL,
        invited boolean NOT NULL DEFAULT false,
        wanted bigint NOT NULL DEFAULT 1,
        told bigint NOT NULL DEFAULT 0 CHECK (told <= wanted),
        attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        since timestamptz NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        reason text NOT NULL DEFAULT ''
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX sign_in_due ON sign_in (next_attempt_at) WHERE told < wanted",
    "GRANT SELECT, INSERT, UPDATE ON sign_in TO {app}",
)


def upgrade() -> None:
    execute(SIGN_INS)
