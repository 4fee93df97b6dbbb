"""Spot orders, supplier orders, replicas, and the platform's tables."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ORDERS = (
    """
    CREATE TABLE spot_order (
        order_id uuid PRIMARY KEY,
        member_id uuid NOT NULL,
        acting_member_id uuid NOT NULL,
        requester_id uuid NOT NULL,
        reference text NOT NULL CHECK (length(reference) <= 60),
        status text NOT NULL CHECK (status IN
            ('draft', 'submitted', 'approved', 'placed', 'cancelled', 'discarded')),
        version bigint NOT NULL CHECK (version >= 0),
        net_total numeric(18, 2) NOT NULL CHECK (net_total >= 0),
        created_at timestamptz NOT NULL,
        submitted_at timestamptz,
        placed_at timestamptz,
        CHECK ((status IN ('draft', 'discarded')) = (submitted_at IS NULL)),
        CHECK (status <> 'placed' OR placed_at IS NOT NULL)
    )
    """,
    "CREATE INDEX spot_order_member ON spot_order (member_id, order_id DESC)",
    """
    CREATE TABLE wanted_line (
        order_id uuid NOT NULL REFERENCES spot_order,
        line_no int NOT NULL CHECK (line_no > 0),
        article_id uuid NOT NULL,
        quantity numeric(10, 3) NOT NULL CHECK (quantity > 0 AND quantity <= 9999999),
        requested_delivery_date date,
        PRIMARY KEY (order_id, line_no)
    )
    """,
    """
    CREATE TABLE order_line (
        order_id uuid NOT NULL REFERENCES spot_order,
        line_no int NOT NULL CHECK (line_no > 0),
        supplier_order_id uuid NOT NULL,
        supplier_id uuid NOT NULL,
        article_id uuid NOT NULL,
        article_number text NOT NULL,
        name text NOT NULL,
        cpv text NOT NULL CHECK (cpv ~ '^[0-9]{8}$'),
        comparable_group text NOT NULL,
        quantity numeric(10, 3) NOT NULL CHECK (quantity > 0 AND quantity <= 9999999),
        order_unit text NOT NULL,
        unit_price_net numeric(14, 4) NOT NULL CHECK (unit_price_net >= 0),
        vat_rate numeric(5, 2) NOT NULL CHECK (vat_rate BETWEEN 0 AND 100),
        net_amount numeric(18, 2) NOT NULL CHECK (net_amount = round(quantity * unit_price_net, 2)),
        requested_delivery_date date,
        PRIMARY KEY (order_id, line_no)
    )
    """,
    """
    CREATE TABLE supplier_order (
        supplier_order_id uuid PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES spot_order,
        member_id uuid NOT NULL,
        acting_member_id uuid NOT NULL,
        supplier_id uuid NOT NULL,
        status text NOT NULL CHECK (status IN
            ('placed', 'acknowledged', 'answered', 'despatched', 'cancelled')),
        version bigint NOT NULL CHECK (version > 0),
        UNIQUE (order_id, supplier_id)
    )
    """,
    """
    CREATE TABLE supplier_order_line (
        supplier_order_id uuid NOT NULL REFERENCES supplier_order,
        line_no int NOT NULL CHECK (line_no > 0),
        decision text NOT NULL CHECK (decision IN
            ('open', 'accepted', 'changed', 'refused', 'cancelled')),
        ordered_net numeric(18, 2) NOT NULL CHECK (ordered_net >= 0),
        accepted_net numeric(18, 2) NOT NULL CHECK (accepted_net >= 0),
        refused_net numeric(18, 2) NOT NULL CHECK (refused_net >= 0),
        reduced_net numeric(18, 2) NOT NULL CHECK (reduced_net >= 0),
        cancelled_net numeric(18, 2) NOT NULL CHECK (cancelled_net >= 0),
        quantity numeric(10, 3),
        unit_price_net numeric(14, 4),
        promised_date date,
        PRIMARY KEY (supplier_order_id, line_no),
        CHECK (accepted_net + refused_net + reduced_net + cancelled_net
               = CASE WHEN decision = 'open' THEN 0 ELSE ordered_net END)
    )
    """,
)
REPLICAS = (
    """
    CREATE TABLE article (
        article_id uuid PRIMARY KEY,
        supplier_id uuid NOT NULL,
        article_number text NOT NULL,
        name text NOT NULL,
        cpv text NOT NULL,
        comparable_group text NOT NULL,
        order_unit text NOT NULL,
        unit_price_net numeric(14, 4) NOT NULL,
        vat_rate numeric(5, 2) NOT NULL,
        active boolean NOT NULL,
        version bigint NOT NULL
    )
    """,
    """
    CREATE TABLE supplier (
        supplier_id uuid PRIMARY KEY,
        name text NOT NULL,
        status text NOT NULL,
        version bigint NOT NULL
    )
    """,
    """
    CREATE TABLE member (
        member_id uuid PRIMARY KEY,
        name text NOT NULL,
        status text NOT NULL,
        version bigint NOT NULL
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON spot_order, supplier_order, supplier_order_line TO {app}",
    "GRANT SELECT, INSERT ON order_line TO {app}",
    "GRANT SELECT, INSERT, DELETE ON wanted_line TO {app}",
    "GRANT SELECT, INSERT, UPDATE ON article, supplier, member TO {app}",
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(ORDERS)
    execute(REPLICAS)
