"""Orders, their lines, and each supplier's share."""

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders.ground.store.tables import metadata, money

spot_order = Table(
    "spot_order",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("acting_member_id", Uuid, nullable=False),
    Column("requester_id", Uuid, nullable=False),
    Column("reference", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    money("net_total"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("submitted_at", DateTime(timezone=True)),
    Column("placed_at", DateTime(timezone=True)),
    Column("order_kind", Text, nullable=False, server_default="spot"),
    Column("agreement_id", Uuid),
    Column("need_id", Uuid),
    Column("terms", JSONB, nullable=False, server_default="{}"),
    Column("unit_id", Uuid, Computed("(terms ->> 'unit_id')::uuid", persisted=True)),
    Column("release", JSONB(none_as_null=True)),
    Column("basis", JSONB(none_as_null=True)),
)
Index("spot_order_member", spot_order.c.member_id, spot_order.c.order_id.desc())
Index(
    "spot_order_waiting",
    spot_order.c.member_id,
    spot_order.c.status,
    spot_order.c.order_id,
    postgresql_where=text("status IN ('submitted', 'awaiting_offers', 'handed_over')"),
)
Index(
    "spot_order_draft",
    spot_order.c.member_id,
    spot_order.c.order_id,
    postgresql_where=text("status = 'draft'"),
)
wanted_line = Table(
    "wanted_line",
    metadata,
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("article_id", Uuid, nullable=False),
    Column("quantity", Numeric(10, 3), nullable=False),
    Column("requested_delivery_date", Date),
    Column("free_text", JSONB(none_as_null=True)),
    Column("description", Text, Computed("free_text ->> 'description'", persisted=True)),
    Column("account", JSONB(none_as_null=True)),
)
order_line = Table(
    "order_line",
    metadata,
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("supplier_order_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("article_id", Uuid, nullable=False),
    Column("article_number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cpv", Text, nullable=False),
    Column("comparable_group", Text, nullable=False),
    Column("quantity", Numeric(10, 3), nullable=False),
    Column("order_unit", Text, nullable=False),
    Column("unit_price_net", Numeric(14, 4), nullable=False),
    Column("vat_rate", Numeric(5, 2), nullable=False),
    money("net_amount"),
    Column("requested_delivery_date", Date),
    Column("pot_id", Uuid),
    Column("lot_no", Integer),
    Column("position_no", Integer),
    Column("quote", JSONB(none_as_null=True)),
    Column("account", JSONB(none_as_null=True)),
)
attachment = Table(
    "attachment",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("uploaded_by", Uuid, nullable=False),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("named_at", DateTime(timezone=True), server_default=func.now()),
    Index("attachment_received", "member_id", "received_at"),
    Index("attachment_unnamed", "received_at", postgresql_where=text("named_at IS NULL")),
    Index("attachment_content", "sha256"),
)
document_content = Table(
    "document_content",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("touched_at", DateTime(timezone=True), nullable=False),
    Index("document_content_touched", "touched_at"),
)
supplier_order = Table(
    "supplier_order",
    metadata,
    Column("supplier_order_id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("spot_order.order_id"), nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("acting_member_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("agreement_id", Uuid),
    UniqueConstraint("order_id", "supplier_id"),
)
Index(
    "supplier_order_awaited",
    supplier_order.c.supplier_order_id,
    postgresql_where=text("status IN ('placed', 'acknowledged', 'answered')"),
)
supplier_order_line = Table(
    "supplier_order_line",
    metadata,
    Column(
        "supplier_order_id",
        Uuid,
        ForeignKey("supplier_order.supplier_order_id"),
        primary_key=True,
    ),
    Column("line_no", Integer, primary_key=True),
    Column("decision", Text, nullable=False),
    money("ordered_net"),
    money("accepted_net"),
    money("refused_net"),
    money("reduced_net"),
    money("cancelled_net"),
    Column("quantity", Numeric(10, 3)),
    Column("unit_price_net", Numeric(14, 4)),
    Column("promised_date", Date),
)
delivery_trouble = Table(
    "delivery_trouble",
    metadata,
    Column(
        "supplier_order_id",
        Uuid,
        ForeignKey("supplier_order.supplier_order_id"),
        primary_key=True,
    ),
    Column("document", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("since", DateTime(timezone=True), nullable=False),
)
notice_count = Table(
    "notice_count",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
)
told_late = Table(
    "told_late",
    metadata,
    Column(
        "supplier_order_id",
        Uuid,
        ForeignKey("supplier_order.supplier_order_id"),
        primary_key=True,
    ),
    Column("told_on", Date, nullable=False),
)
