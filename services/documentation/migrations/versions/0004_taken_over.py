"""Checkpoints that were published and forgotten come back without the heads they covered."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(("ALTER TABLE checkpoint ADD COLUMN taken_over boolean NOT NULL DEFAULT false",))
