"""The tables of catalog and the feed of article states."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Computed,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from marktbund.contracts.catalog import ARTICLE_STATE, ArticleState
from marktbund.feeds import StateFeed

metadata = MetaData()

OFFER_COLUMNS: Mapping[str, Text | Integer | Numeric[Decimal] | JSONB] = {
    "article_number": Text(),
    "name": Text(),
    "description": Text(),
    "cpv": Text(),
    "gtin": Text(),
    "manufacturer": Text(),
    "manufacturer_article_number": Text(),
    "order_unit": Text(),
    "content": Text(),
    "unit_price_net": Numeric(),
    "vat_rate": Numeric(),
    "delivery_days": Integer(),
    "minimum_quantity": Numeric(),
    "quantity_interval": Numeric(),
    "features": JSONB(),
    "comparable_group": Text(),
    "word_endings": Text(),
}
"""What a staged row and an article have in common."""
_NULLABLE = frozenset({"quantity_interval"})

_SEARCH = """
    setweight(to_tsvector('german', name), 'A')
    || setweight(to_tsvector('german', manufacturer || ' ' || description), 'B')
    || setweight(jsonb_to_tsvector('german', features, '["string"]'), 'C')
    || setweight(to_tsvector('simple', word_endings), 'D')
"""


def _offer() -> list[Column[Any]]:
    return [Column(name, kind, nullable=name in _NULLABLE) for name, kind in OFFER_COLUMNS.items()]


supplier_table = Table(
    "supplier",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
agreement_table = Table(
    "agreement",
    metadata,
    Column("agreement_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("binding", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("comparable_groups", ARRAY(Text), nullable=False),
    Column("article_ids", ARRAY(Uuid), nullable=False),
    Column("version", BigInteger, nullable=False),
)
catalogue_table = Table(
    "catalogue",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("last_number", Integer, nullable=False, server_default="0"),
    Column("in_force", Integer, nullable=False, server_default="0"),
    Column("version", BigInteger, nullable=False, server_default="0"),
)
price_list_table = Table(
    "price_list",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content_sha256", Text, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("staged_by", Uuid, nullable=False),
    Column("staged_at", DateTime(timezone=True), nullable=False),
    Column("published_by", Uuid),
    Column("published_at", DateTime(timezone=True)),
)
price_list_row_table = Table(
    "price_list_row",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("article_id", Uuid, nullable=False),
    Column("article_number", Text, primary_key=True),
    *_offer()[1:],
)
article_table = Table(
    "article",
    metadata,
    Column("article_id", Uuid, primary_key=True),
    Column("supplier_id", Uuid, nullable=False),
    *_offer(),
    Column("corrected_group", Text),
    Column("status", Text, nullable=False),
    Column("price_list", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("published_version", BigInteger, nullable=False, server_default="0"),
    Column("search", TSVECTOR, Computed(_SEARCH, persisted=True), nullable=False),
    UniqueConstraint("supplier_id", "article_number"),
)


correction_table = Table(
    "group_correction",
    metadata,
    Column("source", Text, primary_key=True),
    Column("to_group", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("resolved", Text),
    Column("pending", Boolean, nullable=False),
)
effective_group: ColumnElement[str] = func.coalesce(
    article_table.c.corrected_group, article_table.c.comparable_group
)
"""The group an article belongs to: a reviewer's word, else the rule's."""
HIDDEN_COLUMNS = frozenset({"search", "word_endings", "comparable_group", "corrected_group"})
"""Columns of an article that nobody outside is shown as they are."""


def _article_state(row: Row[Any]) -> ArticleState:
    return ArticleState(
        version=row.version,
        article_id=row.article_id,
        supplier_id=row.supplier_id,
        article_number=row.article_number,
        name=row.name,
        cpv=row.cpv,
        comparable_group=row.corrected_group or row.comparable_group,
        order_unit=row.order_unit,
        unit_price_net=row.unit_price_net,
        vat_rate=row.vat_rate,
        status=row.status,
        price_list=row.price_list,
        minimum_quantity=row.minimum_quantity,
        quantity_interval=row.quantity_interval,
    )


FEEDS = (StateFeed(article_table, "article_id", ARTICLE_STATE, _article_state),)
