"""Notices: how many each person was given; supplier orders whose lateness was told."""

from marktbund.migrating import execute

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTICES = (
    """
    CREATE TABLE notice_count (
        person_id uuid PRIMARY KEY,
        version bigint NOT NULL CHECK (version > 0)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE told_late (
        supplier_order_id uuid PRIMARY KEY REFERENCES supplier_order,
        told_on date NOT NULL
    )
    """,
    # Only what goods are still awaited of is looked through, never what was delivered.
    """
    CREATE INDEX supplier_order_awaited ON supplier_order (supplier_order_id)
     WHERE status IN ('placed', 'acknowledged', 'answered')
    """,
    "GRANT SELECT, INSERT, UPDATE ON notice_count TO {app}",
    "GRANT SELECT, INSERT ON told_late TO {app}",
)


def upgrade() -> None:
    execute(NOTICES)
