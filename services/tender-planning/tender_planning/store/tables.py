"""The tables; amounts are net EUR."""

from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()


def _amounts(digits: int) -> list[Column[Decimal]]:
    names = ("ordered_net", "accepted_net", "refused_net", "cancelled_net", "reduced_net")
    return [Column(name, Numeric(digits, 2), nullable=False) for name in names]


def _counts() -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in ("orders", "lines")]


order_line_table = Table(
    "order_line",
    metadata,
    Column("supplier_order_id", Uuid, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("order_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("supplier_id", Uuid, nullable=False),
    Column("article_id", Uuid, nullable=False),
    Column("cpv", Text, nullable=False),
    Column("comparable_group", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("order_unit", Text, nullable=False),
    Column("quantity", Numeric(12, 3), nullable=False),
    Column("unit_price_net", Numeric(14, 4), nullable=False),
    Column("agreement_id", Uuid, nullable=False),
    Column("month", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    *_amounts(18),
    Index("order_line_group", "comparable_group", "supplier_order_id", "line_no"),
)
demand_table = Table(
    "demand",
    metadata,
    Column("cpv_class", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    *_counts(),
    *_amounts(20),
    Index("demand_member", "member_id", "cpv_class", "month"),
)
group_demand_table = Table(
    "group_demand",
    metadata,
    Column("comparable_group", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("name", Text, nullable=False),
    Column("cpv", Text, nullable=False),
    Column("order_unit", Text),
    Column("quantity", Numeric(20, 3)),
    *_counts(),
    *_amounts(20),
)
group_supply_table = Table(
    "group_supply",
    metadata,
    Column("comparable_group", Text, primary_key=True),
    Column("cpv_class", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("supplier_id", Uuid, primary_key=True),
    Column("agreement_id", Uuid, primary_key=True),
    Column("order_unit", Text),
    Column("quantity", Numeric(20, 3)),
    *_counts(),
    *_amounts(20),
    Index("group_supply_month", "month", postgresql_using="brin"),
)
group_price_table = Table(
    "group_price",
    metadata,
    Column("comparable_group", Text, primary_key=True),
    Column("order_unit", Text, primary_key=True),
    Column("unit_price_net", Numeric(14, 4), primary_key=True),
    Column("supplier_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("lines", BigInteger, nullable=False),
    Column("quantity", Numeric(20, 3), nullable=False),
)
member_name_table = Table(
    "member_name",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
supplier_name_table = Table(
    "supplier_name",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
