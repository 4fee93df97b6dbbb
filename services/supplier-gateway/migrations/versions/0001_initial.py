"""Suppliers and their credentials, supplier orders, deliveries, despatches, platform tables."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SUPPLIERS = (
    """
    CREATE TABLE supplier (
        supplier_id uuid PRIMARY KEY,
        name text NOT NULL CHECK (name <> ''),
        status text NOT NULL CHECK (status IN ('active', 'suspended', 'withdrawn')),
        subs text[] NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version)
    )
    """,
    "CREATE INDEX supplier_unpublished ON supplier (supplier_id) WHERE published_version < version",
    # A token subject speaks for one supplier: the primary key says so.
    """
    CREATE TABLE credential (
        sub text PRIMARY KEY CHECK (sub <> ''),
        supplier_id uuid NOT NULL REFERENCES supplier
    )
    """,
    "CREATE INDEX credential_supplier ON credential (supplier_id)",
)
ORDERS = (
    # No foreign key to supplier: an order may arrive before its supplier is registered here.
    """
    CREATE TABLE supplier_order (
        supplier_order_id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) UNIQUE,
        order_id uuid NOT NULL,
        member_id uuid NOT NULL,
        acting_member_id uuid NOT NULL,
        supplier_id uuid NOT NULL,
        placed_at timestamptz NOT NULL,
        net_total numeric(18, 2) NOT NULL CHECK (net_total >= 0),
        status text NOT NULL CHECK (status IN ('placed', 'cancelled')),
        cancel_reason text CHECK ((cancel_reason IS NOT NULL) = (status = 'cancelled')),
        open_lines int NOT NULL CHECK (open_lines >= 0),
        delivery_version bigint NOT NULL CHECK (delivery_version > 0),
        response_version bigint NOT NULL CHECK (response_version >= 0)
    ) WITH (fillfactor = 80)
    """,
    "CREATE INDEX supplier_order_supplier ON supplier_order (supplier_id, seq)",
    """
    CREATE INDEX supplier_order_open ON supplier_order (supplier_id, seq)
     WHERE status = 'placed' AND open_lines > 0
    """,
    # Never more and never dearer than ordered, never sent more than agreed.
    """
    CREATE TABLE supplier_order_line (
        supplier_order_id uuid NOT NULL REFERENCES supplier_order,
        line_no int NOT NULL,
        article_id uuid NOT NULL,
        article_number text NOT NULL,
        name text NOT NULL,
        cpv text NOT NULL,
        quantity numeric(10, 3) NOT NULL CHECK (quantity > 0),
        order_unit text NOT NULL,
        unit_price_net numeric(14, 4) NOT NULL CHECK (unit_price_net >= 0),
        vat_rate numeric NOT NULL,
        net_amount numeric(18, 2) NOT NULL,
        requested_delivery_date date,
        state text NOT NULL CHECK (state IN ('open', 'accepted', 'changed', 'refused')),
        response_id uuid,
        agreed_quantity numeric(10, 3),
        agreed_unit_price_net numeric(14, 4),
        promised_date date,
        despatched_quantity numeric(10, 3) NOT NULL DEFAULT 0,
        PRIMARY KEY (supplier_order_id, line_no),
        CHECK ((state = 'open') = (response_id IS NULL)),
        CHECK ((state = 'open') = (agreed_quantity IS NULL)),
        CHECK ((state = 'open') = (agreed_unit_price_net IS NULL)),
        CHECK (promised_date IS NULL OR state IN ('accepted', 'changed')),
        CHECK (CASE state
               WHEN 'accepted' THEN agreed_quantity = quantity
                                AND agreed_unit_price_net = unit_price_net
               WHEN 'changed' THEN agreed_quantity > 0 AND agreed_quantity <= quantity
                               AND agreed_unit_price_net BETWEEN 0 AND unit_price_net
               WHEN 'refused' THEN agreed_quantity = 0 AND agreed_unit_price_net = 0
               ELSE true END),
        CHECK (despatched_quantity BETWEEN 0 AND coalesce(agreed_quantity, 0))
    ) WITH (fillfactor = 80)
    """,
    """
    CREATE TABLE delivery (
        delivery_id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) UNIQUE,
        supplier_order_id uuid NOT NULL REFERENCES supplier_order,
        supplier_id uuid NOT NULL,
        document text NOT NULL CHECK (document IN ('order', 'cancellation')),
        queued_at timestamptz NOT NULL,
        acknowledged_at timestamptz,
        UNIQUE (supplier_order_id, document)
    )
    """,
    # What a supplier still has to fetch; stays small however long the history grows.
    """
    CREATE INDEX delivery_waiting ON delivery (supplier_id, seq) WHERE acknowledged_at IS NULL
    """,
    """
    CREATE TABLE despatch (
        despatch_id uuid PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) UNIQUE,
        supplier_order_id uuid NOT NULL REFERENCES supplier_order,
        despatched_on date NOT NULL
    )
    """,
    "CREATE INDEX despatch_supplier_order ON despatch (supplier_order_id, seq)",
    """
    CREATE TABLE despatch_line (
        despatch_id uuid NOT NULL REFERENCES despatch,
        line_no int NOT NULL,
        quantity numeric(10, 3) NOT NULL CHECK (quantity > 0),
        PRIMARY KEY (despatch_id, line_no)
    )
    """,
)
# Column by column: what was ordered, queued or sent off cannot be rewritten by the service.
RIGHTS = (
    "GRANT SELECT, INSERT, UPDATE (status, subs, version, published_version) ON supplier TO {app}",
    "GRANT SELECT, INSERT, DELETE ON credential TO {app}",
    """
    GRANT SELECT, INSERT, UPDATE (status, cancel_reason, open_lines, delivery_version,
        response_version) ON supplier_order TO {app}
    """,
    """
    GRANT SELECT, INSERT, UPDATE (state, response_id, agreed_quantity, agreed_unit_price_net,
        promised_date, despatched_quantity) ON supplier_order_line TO {app}
    """,
    "GRANT SELECT, INSERT, UPDATE (acknowledged_at) ON delivery TO {app}",
    "GRANT SELECT, INSERT ON despatch, despatch_line TO {app}",
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(SUPPLIERS)
    execute(ORDERS)
    execute(RIGHTS)
