"""One holder sends, one seals everything; outbox and queue are in no parts any more."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(platform_tables.UNSHARDED)
    # The sealer of the release before looks for the shards it holds: all sixteen.
    execute(
        (
            "ALTER TABLE unsealed ALTER COLUMN shard SET DEFAULT 0",
            "ALTER TABLE chain ALTER COLUMN shard SET DEFAULT 0",
        )
    )
