"""The tables."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()


def _moment(name: str) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=False)


session_table = Table(
    "session",
    metadata,
    Column("key_sha256", LargeBinary, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("sign_in", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sealed_tokens", LargeBinary, nullable=False),
    _moment("access_until"),
    Column("csrf", Text, nullable=False),
    Column("member_id", Uuid),
    _moment("started_at"),
    _moment("seen_at"),
    _moment("ends_at"),
    Index("session_sub", "sub"),
    Index("session_sign_in", "sign_in"),
    Index("session_ends_at", "ends_at"),
)

sign_in_table = Table(
    "sign_in",
    metadata,
    Column("key_sha256", LargeBinary, primary_key=True),
    Column("state", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("target", Text, nullable=False),
    _moment("ends_at"),
    Index("sign_in_ends_at", "ends_at"),
)

form_proof_table = Table(
    "form_proof",
    metadata,
    Column("csrf_sha256", LargeBinary, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("member_id", Uuid),
    _moment("ends_at"),
    Index("form_proof_ends_at", "ends_at"),
)

kept_form_table = Table(
    "kept_form",
    metadata,
    Column("key_sha256", LargeBinary, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("member_id", Uuid),
    Column("path", Text, nullable=False),
    Column("sealed_fields", LargeBinary, nullable=False),
    _moment("ends_at"),
    Index("kept_form_ends_at", "ends_at"),
)

logout_message_table = Table(
    "logout_message",
    metadata,
    Column("jti", Text, primary_key=True),
    _moment("ends_at"),
)

cart_line_table = Table(
    "cart_line",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("article_id", Uuid, primary_key=True),
    Column("quantity", Numeric(10, 3), nullable=False),
    _moment("added_at"),
)

cart_addition_table = Table(
    "cart_addition",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    _moment("added_at"),
    Index("cart_addition_added_at", "added_at"),
)

cart_table = Table(
    "cart",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("version", Uuid, nullable=False),
)

sent_order_table = Table(
    "sent_order",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("door", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("said", JSONB, nullable=False),
    _moment("sent_at"),
    Column("order_id", Uuid),
    Index("sent_order_sent_at", "sent_at"),
)

last_details_table = Table(
    "last_details",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("said", JSONB, nullable=False),
)

cart_origin_table = Table(
    "cart_origin",
    metadata,
    Column("sub", Text, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("draft_id", Uuid, nullable=False),
)

seller_table = Table(
    "seller",
    metadata,
    Column("supplier_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("subs", ARRAY(Text), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("seller_subs", "subs", postgresql_using="gin"),
)

member_name_table = Table(
    "member_name",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
