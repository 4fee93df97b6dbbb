"""The tables as SQLAlchemy sees them; CHECK constraints and rights stand in the migration."""

from decimal import Decimal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _seq() -> Column[int]:
    """Position in the order of arrival; what pages are cut by."""
    return Column("seq", BigInteger, Identity(always=True), nullable=False, unique=True)


def _quantity(name: str, *, needed: bool = False) -> Column[Decimal]:
    return Column(name, Numeric(10, 3), nullable=not needed)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


_OPEN = "acknowledged_at IS NULL"
_UNHELD = (
    "abandoned_at IS NULL AND held_at IS NULL AND attempts = 0 AND next_attempt_at IS NOT NULL"
)


def _queue(name: str, *columns: str, where: str) -> Index:
    """Part of a supplier's documents, in the order they are taken."""
    return Index(name, "supplier_id", *columns, "seq", postgresql_where=text(where))


supplier_table = Table(
    "supplier",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("subs", ARRAY(Text), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("published_version", BigInteger, nullable=False, server_default="0"),
    Index(
        "supplier_unpublished", "supplier_id", postgresql_where=text("published_version < version")
    ),
)
credential_table = Table(
    "credential",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("supplier_id", Uuid, ForeignKey("supplier.supplier_id"), nullable=False),
    Index("credential_supplier", "supplier_id"),
)
channel_table = Table(
    "channel",
    metadata,
    Column("supplier_id", Uuid, ForeignKey("supplier.supplier_id"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("trips", Integer, nullable=False),
    Column("blocked_until", DateTime(timezone=True)),
    Column("set_in", Integer, nullable=False),
)
channel_secret_table = Table(
    "channel_secret",
    metadata,
    Column("secret_id", Uuid, primary_key=True),
    Column(
        "supplier_id", Uuid, ForeignKey("channel.supplier_id", ondelete="CASCADE"), nullable=False
    ),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Index("channel_secret_supplier", "supplier_id"),
)
supplier_order_table = Table(
    "supplier_order",
    metadata,
    Column("supplier_order_id", Uuid, primary_key=True),
    _seq(),
    Column("order_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("acting_member_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    Column("net_total", Numeric(18, 2), nullable=False),
    Column("status", Text, nullable=False),
    Column("cancel_reason", Text),
    Column("open_lines", Integer, nullable=False),
    Column("delivery_version", BigInteger, nullable=False),
    Column("response_version", BigInteger, nullable=False),
    Column("delivery", JSONB),
    Column("buyer_reference", Text, nullable=False, server_default=""),
    Index("supplier_order_supplier", "supplier_id", "seq"),
    Index(
        "supplier_order_open",
        "supplier_id",
        "seq",
        postgresql_where=text("status = 'placed' AND open_lines > 0"),
    ),
)
line_table = Table(
    "supplier_order_line",
    metadata,
    Column("supplier_order_id", ForeignKey("supplier_order.supplier_order_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Uuid, nullable=False),
    Column("article_number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cpv", Text, nullable=False),
    _quantity("quantity", needed=True),
    Column("order_unit", Text, nullable=False),
    Column("unit_price_net", Numeric(14, 4), nullable=False),
    Column("vat_rate", Numeric, nullable=False),
    Column("net_amount", Numeric(18, 2), nullable=False),
    Column("requested_delivery_date", Date),
    Column("state", Text, nullable=False),
    Column("response_id", Uuid),
    _quantity("agreed_quantity"),
    Column("agreed_unit_price_net", Numeric(14, 4)),
    Column("promised_date", Date),
    Column("despatched_quantity", Numeric(10, 3), nullable=False, server_default="0"),
    Column("quoted_on", Date),
)
delivery_table = Table(
    "delivery",
    metadata,
    Column("delivery_id", Uuid, primary_key=True),
    _seq(),
    Column("supplier_order_id", ForeignKey("supplier_order.supplier_order_id"), nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("document", Text, nullable=False),
    Column("queued_at", DateTime(timezone=True), nullable=False),
    Column("acknowledged_at", DateTime(timezone=True)),
    _count("attempts"),
    _count("step"),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("claimed_until", DateTime(timezone=True)),
    Column("held_at", DateTime(timezone=True)),
    Column("abandoned_at", DateTime(timezone=True)),
    UniqueConstraint("supplier_order_id", "document"),
    Index(
        "delivery_waiting", "supplier_id", "seq", postgresql_where=text("acknowledged_at IS NULL")
    ),
    _queue("delivery_due", "next_attempt_at", where=f"{_OPEN} AND abandoned_at IS NULL"),
    Index("delivery_claimed", "supplier_id", postgresql_where=text("claimed_until IS NOT NULL")),
    _queue("delivery_unheld", where=f"{_OPEN} AND {_UNHELD}"),
    _queue("delivery_abandoned", where=f"{_OPEN} AND abandoned_at IS NOT NULL"),
)
attempt_table = Table(
    "attempt",
    metadata,
    Column("delivery_id", ForeignKey("delivery.delivery_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("result", Text),
    Column("http_status", Integer),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("cause", Text),
)
despatch_table = Table(
    "despatch",
    metadata,
    Column("despatch_id", Uuid, primary_key=True),
    _seq(),
    Column("supplier_order_id", ForeignKey("supplier_order.supplier_order_id"), nullable=False),
    Column("despatched_on", Date, nullable=False),
    Index("despatch_supplier_order", "supplier_order_id", "seq"),
)
despatch_line_table = Table(
    "despatch_line",
    metadata,
    Column("despatch_id", ForeignKey("despatch.despatch_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    _quantity("quantity", needed=True),
)
