"""Accounts that the identity provider will not take as they are."""

from marktbund.migrating import execute

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSED = (
    "ALTER TABLE sign_in ADD COLUMN refused_at timestamptz",
    "CREATE INDEX sign_in_refused ON sign_in (refused_at) WHERE refused_at IS NOT NULL",
)


def upgrade() -> None:
    execute(REFUSED)
