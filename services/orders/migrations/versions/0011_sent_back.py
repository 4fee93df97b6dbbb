"""The draft an order sent back goes on as; drafts found quickly; what a unit is called."""

from marktbund.migrating import execute

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SENT_BACK = (
    "ALTER TABLE approval ADD COLUMN draft_order_id uuid",
    """
    CREATE UNIQUE INDEX approval_draft ON approval (draft_order_id)
     WHERE draft_order_id IS NOT NULL
    """,
    "CREATE INDEX spot_order_draft ON spot_order (member_id, order_id) WHERE status = 'draft'",
    "ALTER TABLE unit ADD COLUMN name text NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    execute(SENT_BACK)
