"""What a service keeps in order to know that its database was put back to an earlier point."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(platform_tables.RESTORED)
