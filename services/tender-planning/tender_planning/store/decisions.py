"""Tables of what people decide: proposals, tenders, corrections; corrections published as state."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    Row,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from marktbund.contracts.tender_planning import GROUP_STATE, GroupState
from marktbund.feeds import StateFeed
from tender_planning.store.tables import metadata

proposal_table = Table(
    "proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("cpv_class", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("score", Numeric(4, 1), nullable=False),
    Column("assessment", JSONB, nullable=False),
    Column("decision", JSONB(none_as_null=True)),
    Column("returned", Text, nullable=False),
    Column("assessed_at", DateTime(timezone=True), nullable=False),
    Index(
        "proposal_class",
        "cpv_class",
        unique=True,
        postgresql_where=text("status <> 'accepted'"),
    ),
)
tender_table = Table(
    "tender",
    metadata,
    Column("tender_id", Uuid, primary_key=True),
    Column("proposal_id", Uuid, ForeignKey("proposal.proposal_id"), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("content", JSONB, nullable=False),
    Column("award", JSONB(none_as_null=True)),
)
tender_group_table = Table(
    "tender_group",
    metadata,
    Column("comparable_group", Text, primary_key=True),
    Column("tender_id", Uuid, ForeignKey("tender.tender_id"), primary_key=True),
)
agreement_table = Table(
    "agreement",
    metadata,
    Column("agreement_id", Uuid, primary_key=True),
    Column("tender_id", Uuid),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("binding", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("comparable_groups", ARRAY(Text), nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("agreement_tender", "tender_id", postgresql_where=text("tender_id IS NOT NULL")),
)
correction_table = Table(
    "group_correction",
    metadata,
    Column("correction_id", Uuid, primary_key=True),
    Column("source", Text, nullable=False, unique=True),
    Column("to_group", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewed_by", Uuid, nullable=False),
    Column("reviewed_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("published_version", BigInteger, nullable=False, server_default="0"),
    Index(
        "group_correction_unpublished",
        "correction_id",
        postgresql_where=text("published_version < version"),
    ),
)


def _group_state(row: Row[Any]) -> GroupState:
    return GroupState(
        version=row.version,
        correction_id=row.correction_id,
        source=row.source,
        to_group=row.to_group,
        reason=row.reason,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        status=row.status,
    )


FEEDS = (StateFeed(correction_table, "correction_id", GROUP_STATE, _group_state),)
