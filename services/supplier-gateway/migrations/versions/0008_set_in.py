"""Which version of its supplier set a channel: the same address set anew is another one."""

from marktbund.migrating import execute

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STEPS = (
    "ALTER TABLE channel ADD COLUMN set_in int NOT NULL DEFAULT 0",
    "GRANT UPDATE (set_in) ON channel TO {app}",
)


def upgrade() -> None:
    execute(STEPS)
