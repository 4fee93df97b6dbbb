"""Answers by idempotency key and months of the inbox go after a time."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(platform_tables.EXPIRING)
