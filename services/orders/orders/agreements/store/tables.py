"""Framework agreements, their ceilings and the ledger of what was taken."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders.ground.store.tables import metadata, money

_UNAPPROVED = """
    jsonb_path_exists(changes, '$[*] ? (!exists (@.approved_by) || @.approved_by == null)')
"""
agreement = Table(
    "agreement",
    metadata,
    Column("agreement_id", Uuid, primary_key=True),
    Column("tender_id", Uuid, unique=True),
    Column("number", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("binding", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("later_members", Text, nullable=False),
    Column("entitled", JSONB, nullable=False),
    Column("lots", JSONB, nullable=False),
    Column(
        "change_waits",
        Boolean,
        Computed(_UNAPPROVED, persisted=True),
    ),
    Column("changes", JSONB, nullable=False),
    Column("drafted_by", Uuid, nullable=False),
    Column("next_due", Date),
    Column("announced", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("published_version", BigInteger, nullable=False, server_default="0"),
)
Index(
    "agreement_unpublished",
    agreement.c.agreement_id,
    postgresql_where=agreement.c.published_version < agreement.c.version,
)
Index("agreement_due", agreement.c.next_due, postgresql_where=agreement.c.next_due.is_not(None))
agreement_position = Table(
    "agreement_position",
    metadata,
    Column("agreement_id", Uuid, ForeignKey("agreement.agreement_id"), primary_key=True),
    Column("lot_no", Integer, primary_key=True),
    Column("position_no", Integer, primary_key=True),
    Column("comparable_group", Text, nullable=False),
    Column("article_id", Uuid),
    Column("supplier_id", Uuid, nullable=False),
    Column("unit_price_net", Numeric(14, 4), nullable=False),
)
Index("agreement_position_article", agreement_position.c.article_id)
Index("agreement_position_group", agreement_position.c.comparable_group)
agreement_entitlement = Table(
    "agreement_entitlement",
    metadata,
    Column("agreement_id", Uuid, ForeignKey("agreement.agreement_id"), primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("entitled_from", Date, nullable=False),
    Column("entitled_to", Date),
)
Index("agreement_entitlement_member", agreement_entitlement.c.member_id)
agreement_ceiling = Table(
    "agreement_ceiling",
    metadata,
    Column("ceiling_id", BigInteger, Identity(always=True), primary_key=True),
    Column("agreement_id", Uuid, ForeignKey("agreement.agreement_id"), nullable=False),
    Column("lot_no", Integer, nullable=False),
    Column("member_id", Uuid),
    money("limit_value_net", nullable=True),
    Column("limit_quantity", Numeric(15, 3)),
    Column("used_value_net", Numeric(18, 2), nullable=False, server_default="0"),
    Column("used_quantity", Numeric(15, 3), nullable=False, server_default="0"),
    UniqueConstraint(
        "agreement_id",
        "lot_no",
        "member_id",
        name="agreement_ceiling_place",
        postgresql_nulls_not_distinct=True,
    ),
)
ceiling_entry = Table(
    "ceiling_entry",
    metadata,
    Column("entry_no", BigInteger, Identity(always=True), primary_key=True),
    Column("ceiling_id", BigInteger, ForeignKey("agreement_ceiling.ceiling_id"), nullable=False),
    Column("order_id", Uuid, nullable=False),
    money("value_net"),
    Column("quantity", Numeric(15, 3), nullable=False),
    money("used_value_net"),
    Column("used_quantity", Numeric(15, 3), nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
)
Index("ceiling_entry_order", ceiling_entry.c.order_id)
