"""Replicas of what others own, newest version only."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Numeric, Table, Text, Uuid, text

from orders.store.tables.base import metadata

article = Table(
    "article",
    metadata,
    Column("article_id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    Column("article_number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cpv", Text, nullable=False),
    Column("comparable_group", Text, nullable=False),
    Column("order_unit", Text, nullable=False),
    Column("unit_price_net", Numeric(14, 4), nullable=False),
    Column("vat_rate", Numeric(5, 2), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("minimum_quantity", Numeric(10, 3)),
    Column("quantity_interval", Numeric(10, 3)),
    Column("version", BigInteger, nullable=False),
)
Index("article_comparable", article.c.comparable_group, postgresql_where=text("active"))
supplier = Table(
    "supplier",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
member = Table(
    "member",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("contracting_authority_id", Uuid),
)
