"""Rule sets and units as replicas; needs, pots, their ledger, and decisions."""

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders.ground.store.tables import metadata, money

need = Table(
    "need",
    metadata,
    Column("need_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("contract_kind", Text, nullable=False),
    Column("estimate", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    money("ordered_net"),
    Column("position", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
Index("need_member", need.c.member_id, need.c.need_id.desc())
limit_pot = Table(
    "limit_pot",
    metadata,
    Column("pot_id", Uuid, primary_key=True),
    Column("contract_kind", Text, primary_key=True),
    Column("cpv_class", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("last_order_id", Uuid),
)
limit_day = Table(
    "limit_day",
    metadata,
    Column("pot_id", Uuid, primary_key=True),
    Column("contract_kind", Text, primary_key=True),
    Column("cpv_class", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    money("net"),
)
limit_movement = Table(
    "limit_movement",
    metadata,
    Column("pot_id", Uuid, primary_key=True),
    Column("contract_kind", Text, primary_key=True),
    Column("cpv_class", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("need_id", Uuid, nullable=False),
    Column("need_position", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    money("net"),
)
Index("limit_movement_order", limit_movement.c.order_id)
Index("limit_movement_need", limit_movement.c.need_id, limit_movement.c.need_position)
route_decision = Table(
    "route_decision",
    metadata,
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), primary_key=True),
    Column("decision_no", Integer, primary_key=True),
    Column("occasion", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("content", LargeBinary),
    Column("body", JSONB, nullable=False),
    Column(
        "contract_kind",
        Text,
        Computed("body -> 'inputs' ->> 'contract_kind'", persisted=True),
    ),
    Column("rule_set_id", Uuid, Computed("(body ->> 'rule_set_id')::uuid", persisted=True)),
    Column(
        "rule_set_version",
        BigInteger,
        Computed("(body ->> 'rule_set_version')::bigint", persisted=True),
    ),
)
kept_offer = Table(
    "kept_offer",
    metadata,
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), primary_key=True),
    Column("offer_no", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("line_no", Integer),
    Column("supplier_id", Uuid),
    Column("supplier_name", Text, nullable=False),
    Column("article_id", Uuid),
    Column("net_total", Numeric(18, 2)),
    Column("quoted_on", Date),
    Column("document_sha256", Text),
)
approval = Table(
    "approval",
    metadata,
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), primary_key=True),
    Column("content_sha256", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("decided_by", Uuid, nullable=False),
    Column("comment", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("draft_order_id", Uuid),
    Column("occasion", Text),
    Column("hindrances", JSONB, nullable=False, server_default="[]"),
)
Index(
    "approval_draft",
    approval.c.draft_order_id,
    unique=True,
    postgresql_where=approval.c.draft_order_id.is_not(None),
)
