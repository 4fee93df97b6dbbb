"""The tables as SQLAlchemy sees them; CHECK constraints and rights stand in the migration."""

from typing import Any

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
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

metadata = MetaData()


def _seq() -> Column[Any]:
    """Position in the order of arrival; what pages are cut by."""
    return Column("seq", BigInteger, Identity(always=True), nullable=False, unique=True)


def _quantity(name: str, **options: Any) -> Column[Any]:
    return Column(name, Numeric(10, 3), **options)


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
    _quantity("quantity", nullable=False),
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
    _quantity("despatched_quantity", nullable=False, server_default="0"),
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
    UniqueConstraint("supplier_order_id", "document"),
    Index(
        "delivery_waiting", "supplier_id", "seq", postgresql_where=text("acknowledged_at IS NULL")
    ),
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
    _quantity("quantity", nullable=False),
)
