"""Keys under which articles were put into carts, so that each click counts once."""

from marktbund.migrating import execute

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE cart_addition (
        sub text NOT NULL,
        member_id uuid NOT NULL,
        key text NOT NULL,
        added_at timestamptz NOT NULL,
        PRIMARY KEY (sub, member_id, key)
    )
    """,
    "CREATE INDEX cart_addition_added_at ON cart_addition (added_at)",
    "GRANT SELECT, INSERT, DELETE ON cart_addition TO {app}",
)


def upgrade() -> None:
    execute(TABLES)
