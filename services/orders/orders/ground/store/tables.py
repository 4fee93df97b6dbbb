"""Replicas of what others own, newest version only; what the tables of all rooms share."""

from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def money(name: str, *, nullable: bool = False) -> Column[Decimal]:
    """A net EUR amount to the cent."""
    return Column(name, Numeric(18, 2), nullable=nullable)


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
rule_set = Table(
    "rule_set",
    metadata,
    Column("rule_set_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)
Index("rule_set_member", rule_set.c.member_id, postgresql_where=text("status = 'active'"))
rule_set_version = Table(
    "rule_set_version",
    metadata,
    Column("rule_set_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("body", JSONB, nullable=False),
)
unit = Table(
    "unit",
    metadata,
    Column("unit_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("awards", JSONB, nullable=False),
    Column("version", BigInteger, nullable=False),
)
