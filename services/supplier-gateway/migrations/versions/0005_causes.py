"""Why a call ended that nobody foresaw: the kind of its error, for operators."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STEPS = (
    "ALTER TABLE attempt ADD COLUMN cause text CHECK (cause <> '')",
    "GRANT UPDATE (cause) ON attempt TO {app}",
)


def upgrade() -> None:
    execute(STEPS)
