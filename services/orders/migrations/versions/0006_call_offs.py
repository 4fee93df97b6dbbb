"""Call-offs: a position's supplier and pinned price, supplier orders that know their agreement."""

from marktbund.migrating import execute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

POSITIONS = (
    """
    ALTER TABLE agreement_position
        ADD COLUMN supplier_id uuid,
        ADD COLUMN unit_price_net numeric(14, 4) CHECK (unit_price_net >= 0)
    """,
    """
    UPDATE agreement_position AS p
       SET supplier_id = (lot->>'supplier_id')::uuid,
           unit_price_net = (position->>'unit_price_net')::numeric
      FROM agreement AS a, jsonb_array_elements(a.lots) AS lot,
           jsonb_array_elements(lot->'positions') AS position
     WHERE a.agreement_id = p.agreement_id AND (lot->>'lot_no')::int = p.lot_no
       AND (position->>'position_no')::int = p.position_no
    """,
    """
    ALTER TABLE agreement_position
        ALTER COLUMN supplier_id SET NOT NULL, ALTER COLUMN unit_price_net SET NOT NULL
    """,
    "CREATE INDEX agreement_position_article ON agreement_position (article_id)",
    "ALTER TABLE supplier_order ADD COLUMN agreement_id uuid",
)


def upgrade() -> None:
    execute(POSITIONS)
