"""Events of types that a release does not know are passed by, and it is kept where."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(platform_tables.SKIPPING)
