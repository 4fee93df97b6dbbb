"""The tables as migration 1 makes them; times are text, because their exact bytes are hashed."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from documentation.domain.verifier import DISPOSED, RESTORED

metadata = MetaData()


def _of_the_event() -> list[Column[Any]]:
    return [
        Column("event_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("aggregate_version", BigInteger),
        Column("time", Text, nullable=False),
        Column("recorded_at", Text, nullable=False),
        Column("business_time", Text),
        Column("demo", Boolean, nullable=False),
        Column("order_id", Uuid),
        Column("leaf", LargeBinary, nullable=False),
    ]


def _chain_position() -> list[Column[Any]]:
    return [
        Column("chain_id", Text, primary_key=True),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
    ]


unsealed_table = Table(
    "unsealed",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("shard", SmallInteger, nullable=False, server_default="0"),
    Column("chain_id", Text, nullable=False),
    *_of_the_event(),
    Column("meta_hash", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("traceparent", Text),
)
record_table = Table(
    "record",
    metadata,
    *_chain_position(),
    Column("hash", LargeBinary, nullable=False),
    *_of_the_event(),
)
Index("record_event", record_table.c.event_id, unique=True)
Index(
    "record_order",
    record_table.c.order_id,
    record_table.c.seq,
    postgresql_where=text("order_id IS NOT NULL"),
)
Index(
    "record_restored",
    record_table.c.chain_id,
    record_table.c.seq,
    postgresql_where=text(f"type = '{RESTORED}'"),
)
Index(
    "record_disposed",
    record_table.c.chain_id,
    record_table.c.aggregate_version,
    postgresql_where=text(f"type = '{DISPOSED}'"),
)
payload_table = Table(
    "payload",
    metadata,
    *_chain_position(),
    Column("salt", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
chain_table = Table(
    "chain",
    metadata,
    Column("chain_id", Text, primary_key=True),
    Column("shard", SmallInteger, nullable=False, server_default="0"),
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
)
checkpoint_table = Table(
    "checkpoint",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("chains", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("taken_over", Boolean, nullable=False, server_default=text("false")),
)
checkpoint_head_table = Table(
    "checkpoint_head",
    metadata,
    Column("chain_id", Text, primary_key=True),
    Column(
        "number", BigInteger, ForeignKey("checkpoint.number"), primary_key=True, autoincrement=False
    ),
    Column("seq", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
)
Index(
    "checkpoint_head_seq",
    checkpoint_head_table.c.chain_id,
    checkpoint_head_table.c.seq,
    unique=True,
)
Index("checkpoint_head_number", checkpoint_head_table.c.number)
ledger_table = Table(
    "ledger",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("ledger_id", Uuid, nullable=False),
)
