"""The trace an event came with waits beside it until it is sealed; it is no part of the record."""

from marktbund.migrating import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(("ALTER TABLE unsealed ADD COLUMN traceparent text",))
