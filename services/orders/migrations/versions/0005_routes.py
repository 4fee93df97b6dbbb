"""Rule sets, needs, pots with their ledger, decisions, kept offers, approvals."""

from marktbund.migrating import execute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ORDERS = (
    """
    ALTER TABLE spot_order
        ADD COLUMN order_kind text NOT NULL DEFAULT 'spot'
            CHECK (order_kind IN ('spot', 'call_off', 'award_result')),
        ADD COLUMN agreement_id uuid,
        ADD COLUMN need_id uuid,
        ADD COLUMN terms jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN release jsonb,
        ADD COLUMN basis jsonb,
        DROP CONSTRAINT spot_order_status_check,
        ADD CONSTRAINT spot_order_status_check CHECK (status IN
            ('draft', 'submitted', 'awaiting_offers', 'approved', 'placed', 'handed_over',
             'awarded', 'refused', 'sent_back', 'cancelled', 'discarded')),
        ADD CHECK ((order_kind = 'call_off') = (agreement_id IS NOT NULL)),
        ADD CHECK ((order_kind = 'award_result') = (basis IS NOT NULL))
    """,
    """
    CREATE INDEX spot_order_waiting ON spot_order (member_id, status, order_id)
        WHERE status IN ('submitted', 'awaiting_offers', 'handed_over')
    """,
    "ALTER TABLE order_line ADD COLUMN pot_id uuid",
    "CREATE INDEX article_comparable ON article (comparable_group) WHERE active",
)
REPLICAS = (
    "ALTER TABLE member ADD COLUMN contracting_authority_id uuid",
    """
    CREATE TABLE unit (
        unit_id uuid PRIMARY KEY,
        member_id uuid NOT NULL,
        status text NOT NULL,
        awards jsonb NOT NULL,
        version bigint NOT NULL
    )
    """,
    """
    CREATE TABLE rule_set (
        rule_set_id uuid PRIMARY KEY,
        member_id uuid NOT NULL,
        status text NOT NULL,
        body jsonb NOT NULL,
        version bigint NOT NULL
    )
    """,
    "CREATE INDEX rule_set_member ON rule_set (member_id) WHERE status = 'active'",
    """
    CREATE TABLE rule_set_version (
        rule_set_id uuid NOT NULL,
        version bigint NOT NULL,
        body jsonb NOT NULL,
        PRIMARY KEY (rule_set_id, version)
    )
    """,
)
LIMITS = (
    """
    CREATE TABLE need (
        need_id uuid PRIMARY KEY,
        member_id uuid NOT NULL,
        title text NOT NULL CHECK (length(title) <= 200),
        contract_kind text NOT NULL CHECK (contract_kind IN
            ('supply', 'service', 'freelance', 'social', 'works')),
        estimate jsonb NOT NULL,
        status text NOT NULL CHECK (status IN ('open', 'closed')),
        ordered_net numeric(18, 2) NOT NULL CHECK (ordered_net >= 0),
        position bigint NOT NULL CHECK (position >= 0),
        version bigint NOT NULL CHECK (version > 0),
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX need_member ON need (member_id, need_id DESC)",
    """
    CREATE TABLE limit_pot (
        pot_id uuid NOT NULL,
        contract_kind text NOT NULL,
        cpv_class text NOT NULL CHECK (cpv_class ~ '^[0-9]{4}$'),
        position bigint NOT NULL CHECK (position >= 0),
        last_order_id uuid,
        PRIMARY KEY (pot_id, contract_kind, cpv_class)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE limit_day (
        pot_id uuid NOT NULL,
        contract_kind text NOT NULL,
        cpv_class text NOT NULL,
        day date NOT NULL,
        net numeric(18, 2) NOT NULL CHECK (net >= 0),
        PRIMARY KEY (pot_id, contract_kind, cpv_class, day)
    ) WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE limit_movement (
        pot_id uuid NOT NULL,
        contract_kind text NOT NULL,
        cpv_class text NOT NULL,
        position bigint NOT NULL CHECK (position > 0),
        order_id uuid NOT NULL,
        need_id uuid NOT NULL,
        need_position bigint NOT NULL CHECK (need_position > 0),
        day date NOT NULL,
        net numeric(18, 2) NOT NULL,
        PRIMARY KEY (pot_id, contract_kind, cpv_class, position)
    )
    """,
    "CREATE INDEX limit_movement_order ON limit_movement (order_id)",
    "CREATE INDEX limit_movement_need ON limit_movement (need_id, need_position)",
    """
    CREATE TABLE route_decision (
        order_id uuid NOT NULL REFERENCES spot_order,
        decision_no int NOT NULL CHECK (decision_no > 0),
        occasion text NOT NULL CHECK (occasion IN
            ('submission', 'approval', 'offers', 'release')),
        decided_at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('direct', 'compare', 'request', 'hand_over')),
        content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
        body jsonb NOT NULL,
        PRIMARY KEY (order_id, decision_no)
    )
    """,
    """
    CREATE TABLE kept_offer (
        order_id uuid NOT NULL REFERENCES spot_order,
        offer_no int NOT NULL CHECK (offer_no > 0),
        kind text NOT NULL CHECK (kind IN ('catalog', 'external', 'asked', 'received')),
        line_no int,
        supplier_id uuid,
        supplier_name text NOT NULL,
        article_id uuid,
        net_total numeric(18, 2) CHECK (net_total >= 0),
        quoted_on date,
        document_sha256 text,
        PRIMARY KEY (order_id, offer_no),
        CHECK (net_total IS NOT NULL OR kind = 'asked')
    )
    """,
    """
    CREATE TABLE approval (
        order_id uuid NOT NULL REFERENCES spot_order,
        content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
        verdict text NOT NULL CHECK (verdict IN ('approve', 'refuse', 'send_back')),
        decided_by uuid NOT NULL,
        comment text NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (order_id, content_sha256)
    )
    """,
    "GRANT SELECT, INSERT, UPDATE ON unit, rule_set, need, limit_pot, limit_day TO {app}",
    "GRANT SELECT, INSERT ON rule_set_version, limit_movement TO {app}",
    "GRANT SELECT, INSERT ON route_decision, kept_offer, approval TO {app}",
)


def upgrade() -> None:
    execute(ORDERS)
    execute(REPLICAS)
    execute(LIMITS)
