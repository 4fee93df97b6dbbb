"""Order lines, the demand they add up to, names to show, and the platform's tables."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Cells are updated again and again: free space keeps their updates inside the page.
TABLES = (
    """
    CREATE TABLE order_line (
        supplier_order_id uuid NOT NULL,
        line_no int NOT NULL CHECK (line_no >= 0),
        order_id uuid NOT NULL,
        member_id uuid NOT NULL,
        supplier_id uuid NOT NULL,
        article_id uuid NOT NULL,
        cpv text NOT NULL,
        comparable_group text NOT NULL CHECK (comparable_group <> ''),
        name text NOT NULL,
        order_unit text NOT NULL,
        quantity numeric(12, 3) NOT NULL CHECK (quantity > 0),
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        outcome text NOT NULL CHECK (outcome IN
            ('open', 'accepted', 'changed', 'refused', 'cancelled')),
        ordered_net numeric(18, 2) NOT NULL CHECK (ordered_net >= 0),
        accepted_net numeric(18, 2) NOT NULL CHECK (accepted_net >= 0),
        refused_net numeric(18, 2) NOT NULL CHECK (refused_net >= 0),
        cancelled_net numeric(18, 2) NOT NULL CHECK (cancelled_net >= 0),
        reduced_net numeric(18, 2) NOT NULL CHECK (reduced_net >= 0),
        PRIMARY KEY (supplier_order_id, line_no),
        CONSTRAINT order_line_adds_up CHECK (CASE outcome
            WHEN 'open' THEN (accepted_net, refused_net, cancelled_net, reduced_net) = (0, 0, 0, 0)
            WHEN 'cancelled' THEN (accepted_net, refused_net, reduced_net) = (0, 0, 0)
                AND cancelled_net = ordered_net
            ELSE cancelled_net = 0 AND ordered_net = accepted_net + refused_net + reduced_net
            END)
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE INDEX order_line_group
        ON order_line (comparable_group, supplier_order_id, line_no)
    """,
    """
    CREATE TABLE demand (
        cpv_class text NOT NULL CHECK (cpv_class ~ '^[0-9]{4}0000$'),
        member_id uuid NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        orders bigint NOT NULL DEFAULT 0 CHECK (orders >= 0),
        lines bigint NOT NULL DEFAULT 0 CHECK (lines >= orders),
        ordered_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (ordered_net >= 0),
        accepted_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (accepted_net >= 0),
        refused_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (refused_net >= 0),
        cancelled_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (cancelled_net >= 0),
        reduced_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (reduced_net >= 0),
        PRIMARY KEY (cpv_class, member_id, month),
        CONSTRAINT demand_adds_up
            CHECK (ordered_net >= accepted_net + refused_net + cancelled_net + reduced_net)
    ) WITH (fillfactor = 60)
    """,
    "CREATE INDEX demand_member ON demand (member_id, cpv_class, month)",
    """
    CREATE TABLE group_demand (
        comparable_group text NOT NULL CHECK (comparable_group <> ''),
        member_id uuid NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        name text NOT NULL,
        cpv text NOT NULL,
        order_unit text,
        quantity numeric(20, 3) CHECK (quantity >= 0),
        orders bigint NOT NULL DEFAULT 0 CHECK (orders >= 0),
        lines bigint NOT NULL DEFAULT 0 CHECK (lines >= orders),
        ordered_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (ordered_net >= 0),
        accepted_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (accepted_net >= 0),
        refused_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (refused_net >= 0),
        cancelled_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (cancelled_net >= 0),
        reduced_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (reduced_net >= 0),
        PRIMARY KEY (comparable_group, member_id, month),
        CONSTRAINT group_demand_one_unit CHECK ((order_unit IS NULL) = (quantity IS NULL)),
        CONSTRAINT group_demand_adds_up
            CHECK (ordered_net >= accepted_net + refused_net + cancelled_net + reduced_net)
    ) WITH (fillfactor = 60)
    """,
    """
    CREATE TABLE member_name (
        member_id uuid PRIMARY KEY,
        name text NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    """
    CREATE TABLE supplier_name (
        supplier_id uuid PRIMARY KEY,
        name text NOT NULL,
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    """
    GRANT SELECT, INSERT, UPDATE ON order_line, demand, group_demand, member_name, supplier_name
        TO {app}
    """,
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(TABLES)
