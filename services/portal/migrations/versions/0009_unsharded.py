"""One holder sends everything; the outbox is in no parts any more."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(platform_tables.UNSHARDED)
