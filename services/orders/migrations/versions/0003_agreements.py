"""Framework agreements: terms, where to find them, ceilings and the ledger of what was taken."""

from marktbund.migrating import execute

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AGREEMENTS = (
    "CREATE SEQUENCE agreement_number",
    """
    CREATE TABLE agreement (
        agreement_id uuid PRIMARY KEY,
        tender_id uuid UNIQUE,
        number text NOT NULL UNIQUE,
        title text NOT NULL,
        binding text NOT NULL CHECK (binding IN ('exclusive', 'open')),
        status text NOT NULL CHECK (status IN ('draft', 'confirmed', 'in_force', 'ended')),
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        later_members text NOT NULL,
        entitled jsonb NOT NULL,
        lots jsonb NOT NULL,
        changes jsonb NOT NULL,
        drafted_by uuid NOT NULL,
        next_due date,
        announced bigint NOT NULL CHECK (announced > 0),
        version bigint NOT NULL CHECK (version >= announced),
        published_version bigint NOT NULL DEFAULT 0,
        CHECK (starts_on <= ends_on),
        CHECK ((status IN ('draft', 'ended')) = (next_due IS NULL))
    )
    """,
    """
    CREATE INDEX agreement_unpublished ON agreement (agreement_id)
        WHERE published_version < version
    """,
    "CREATE INDEX agreement_due ON agreement (next_due) WHERE next_due IS NOT NULL",
    """
    CREATE TABLE agreement_position (
        agreement_id uuid NOT NULL REFERENCES agreement,
        lot_no int NOT NULL,
        position_no int NOT NULL,
        comparable_group text NOT NULL,
        article_id uuid,
        PRIMARY KEY (agreement_id, lot_no, position_no)
    )
    """,
    "CREATE INDEX agreement_position_group ON agreement_position (comparable_group)",
    """
    CREATE TABLE agreement_entitlement (
        agreement_id uuid NOT NULL REFERENCES agreement,
        member_id uuid NOT NULL,
        entitled_from date NOT NULL,
        entitled_to date,
        PRIMARY KEY (agreement_id, member_id)
    )
    """,
    "CREATE INDEX agreement_entitlement_member ON agreement_entitlement (member_id)",
)
CEILINGS = (
    """
    CREATE TABLE agreement_ceiling (
        ceiling_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        agreement_id uuid NOT NULL REFERENCES agreement,
        lot_no int NOT NULL,
        member_id uuid,
        limit_value_net numeric(18, 2) CHECK (limit_value_net > 0),
        limit_quantity numeric(15, 3) CHECK (limit_quantity > 0),
        used_value_net numeric(18, 2) NOT NULL DEFAULT 0 CHECK (used_value_net >= 0),
        used_quantity numeric(15, 3) NOT NULL DEFAULT 0 CHECK (used_quantity >= 0),
        CONSTRAINT agreement_ceiling_place
            UNIQUE NULLS NOT DISTINCT (agreement_id, lot_no, member_id),
        CHECK (used_value_net <= limit_value_net),
        CHECK (used_quantity <= limit_quantity)
    )
    """,
    """
    CREATE TABLE ceiling_entry (
        entry_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ceiling_id bigint NOT NULL REFERENCES agreement_ceiling,
        order_id uuid NOT NULL,
        value_net numeric(18, 2) NOT NULL,
        quantity numeric(15, 3) NOT NULL,
        used_value_net numeric(18, 2) NOT NULL CHECK (used_value_net >= 0),
        used_quantity numeric(15, 3) NOT NULL CHECK (used_quantity >= 0),
        booked_at timestamptz NOT NULL,
        CHECK (sign(value_net) * sign(quantity) >= 0)
    )
    """,
    "CREATE INDEX ceiling_entry_order ON ceiling_entry (order_id)",
    "ALTER TABLE order_line ADD COLUMN lot_no int, ADD COLUMN position_no int",
    "GRANT USAGE ON SEQUENCE agreement_number TO {app}",
    "GRANT SELECT, INSERT, UPDATE ON agreement, agreement_ceiling TO {app}",
    "GRANT SELECT, INSERT, DELETE ON agreement_position, agreement_entitlement TO {app}",
    "GRANT SELECT, INSERT ON ceiling_entry TO {app}",
)


def upgrade() -> None:
    execute(AGREEMENTS)
    execute(CEILINGS)
