"""Demand by supplier and agreement, and the prices that were paid."""

from marktbund.migrating import execute

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NONE = "00000000-0000-0000-0000-000000000000"
_CLASS = "CASE WHEN cpv ~ '^[0-9]{4}' THEN left(cpv, 4) || '0000' ELSE '00000000' END"

LINES = (
    "ALTER TABLE order_line ADD COLUMN unit_price_net numeric(14, 4)",
    f"ALTER TABLE order_line ADD COLUMN agreement_id uuid NOT NULL DEFAULT '{_NONE}'",
    # Lines from before know no price; what was paid for one unit is nearest to it.
    "UPDATE order_line SET unit_price_net = round(ordered_net / quantity, 4)",
    """
    ALTER TABLE order_line ALTER COLUMN unit_price_net SET NOT NULL,
        ALTER COLUMN agreement_id DROP DEFAULT,
        ADD CHECK (unit_price_net >= 0)
    """,
)
CELLS = (
    """
    CREATE TABLE group_supply (
        comparable_group text NOT NULL CHECK (comparable_group <> ''),
        cpv_class text NOT NULL CHECK (cpv_class ~ '^[0-9]{4}0000$'),
        member_id uuid NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        supplier_id uuid NOT NULL,
        agreement_id uuid NOT NULL,
        order_unit text,
        quantity numeric(20, 3) CHECK (quantity >= 0),
        orders bigint NOT NULL DEFAULT 0 CHECK (orders >= 0),
        lines bigint NOT NULL DEFAULT 0 CHECK (lines >= orders),
        ordered_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (ordered_net >= 0),
        accepted_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (accepted_net >= 0),
        refused_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (refused_net >= 0),
        cancelled_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (cancelled_net >= 0),
        reduced_net numeric(20, 2) NOT NULL DEFAULT 0 CHECK (reduced_net >= 0),
        PRIMARY KEY (comparable_group, cpv_class, member_id, month, supplier_id, agreement_id),
        CONSTRAINT group_supply_one_unit CHECK ((order_unit IS NULL) = (quantity IS NULL)),
        CONSTRAINT group_supply_adds_up
            CHECK (ordered_net >= accepted_net + refused_net + cancelled_net + reduced_net)
    ) WITH (fillfactor = 60)
    """,
    "CREATE INDEX group_supply_month ON group_supply (month)",
    """
    CREATE TABLE group_price (
        comparable_group text NOT NULL CHECK (comparable_group <> ''),
        order_unit text NOT NULL,
        unit_price_net numeric(14, 4) NOT NULL CHECK (unit_price_net >= 0),
        supplier_id uuid NOT NULL,
        month date NOT NULL CHECK (extract(day FROM month) = 1),
        lines bigint NOT NULL DEFAULT 0 CHECK (lines >= 0),
        quantity numeric(20, 3) NOT NULL DEFAULT 0 CHECK (quantity >= 0),
        PRIMARY KEY (comparable_group, order_unit, unit_price_net, supplier_id, month)
    ) WITH (fillfactor = 60)
    """,
    f"""
    INSERT INTO group_supply
    SELECT comparable_group, {_CLASS}, member_id, month, supplier_id, agreement_id,
           CASE WHEN min(order_unit) = max(order_unit) THEN min(order_unit) END,
           CASE WHEN min(order_unit) = max(order_unit) THEN sum(quantity) END,
           count(DISTINCT supplier_order_id), count(*), sum(ordered_net), sum(accepted_net),
           sum(refused_net), sum(cancelled_net), sum(reduced_net)
      FROM order_line GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """
    INSERT INTO group_price
    SELECT comparable_group, order_unit, unit_price_net, supplier_id, month, count(*),
           sum(quantity)
      FROM order_line GROUP BY 1, 2, 3, 4, 5
    """,
    "GRANT SELECT, INSERT, UPDATE ON group_supply, group_price TO {app}",
)


def upgrade() -> None:
    execute(LINES)
    execute(CELLS)
