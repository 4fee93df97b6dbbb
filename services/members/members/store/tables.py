"""The tables that are published as state."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def versions() -> list[Column[int]]:
    """The columns of a table published as state."""
    return [
        Column("version", BigInteger, nullable=False),
        Column("published_version", BigInteger, nullable=False, server_default="0"),
    ]


member_table = Table(
    "member",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("legal_form", Text, nullable=False),
    Column("official_key", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("contracting_authority_id", Uuid),
    *versions(),
)
unit_table = Table(
    "unit",
    metadata,
    Column("unit_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("cost_centre", Text, nullable=False),
    Column("awards", JSONB, nullable=False, server_default="[]"),
    *versions(),
)
person_table = Table(
    "person",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("sub", Text, nullable=False, unique=True),
    Column("grants", JSONB, nullable=False),
    Column("mandates", JSONB, nullable=False),
    Column("unit_ids", ARRAY(Uuid), nullable=False),
    Column("active", Boolean, nullable=False),
    *versions(),
)
rule_set_table = Table(
    "rule_set",
    metadata,
    Column("rule_set_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("approval_steps", JSONB, nullable=False),
    *versions(),
)
