"""Documents of supplier orders that do not reach their supplier."""

from marktbund.migrating import execute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TROUBLE = (
    """
    CREATE TABLE delivery_trouble (
        supplier_order_id uuid NOT NULL REFERENCES supplier_order,
        document text NOT NULL CHECK (document IN ('order', 'cancellation')),
        state text NOT NULL CHECK (state IN ('failing', 'abandoned')),
        reason text NOT NULL CHECK (reason <> ''),
        attempts int NOT NULL CHECK (attempts >= 0),
        next_attempt_at timestamptz,
        since timestamptz NOT NULL,
        PRIMARY KEY (supplier_order_id, document),
        CHECK (state = 'failing' OR next_attempt_at IS NULL)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_trouble TO {app}",
)


def upgrade() -> None:
    execute(TROUBLE)
