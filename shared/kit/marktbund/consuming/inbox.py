"""Have we seen this letter? By event id, in the transaction of its effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.envelope import Received, Unread

_ENTER = text("""
    INSERT INTO inbox (event_id, consumer)
    SELECT event_id, :consumer FROM unnest(CAST(:ids AS uuid[])) AS event_id
    ON CONFLICT DO NOTHING RETURNING event_id
""")
_REACH = text("""
    INSERT INTO aggregate_position AS p (consumer, topic, key, version)
    SELECT :consumer, * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS text[]),
                                    CAST(:versions AS bigint[]))
    ON CONFLICT (consumer, topic, key) DO UPDATE SET version = excluded.version
     WHERE p.version < excluded.version
""")
_POSITIONS = text("""
    SELECT topic, key, version FROM aggregate_position
     WHERE consumer = :consumer AND (topic, key) IN (
           SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS text[])))
""")
_GAP = text("""
    INSERT INTO version_gap (consumer, topic, key, expected, got)
    SELECT :consumer, * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS text[]),
                                    CAST(:expected AS bigint[]), CAST(:got AS bigint[]))
    ON CONFLICT DO NOTHING
""")
_PASSED_BY = text("SELECT DISTINCT topic, type FROM skipped_type WHERE consumer = :consumer")
_PARTITION = text("SELECT ensure_inbox_partition(:month)")


@dataclass(frozen=True, slots=True)
class VersionGap:
    """A record whose version does not follow the last one of its key."""

    record: Received
    expected: int


class Inbox:
    """Suppresses repeated events of one consumer and watches each aggregate's versions."""

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer

    async def enter(
        self, connection: AsyncConnection, received: Sequence[Received]
    ) -> list[Received]:
        """The records not seen before, in the order given; the others were applied already.

        State records pass: their effect is guarded by version, and nothing is counted twice.
        """
        facts = [record for record in received if record.topic.kind == "events"]
        if not facts:
            return list(received)
        rows = await connection.execute(
            _ENTER, {"consumer": self.consumer, "ids": [record.event_id for record in facts]}
        )
        fresh: set[UUID] = set(rows.scalars())
        kept = []
        for record in received:
            if record.topic.kind == "state":
                kept.append(record)
            elif record.event_id in fresh:
                fresh.remove(record.event_id)  # the same event twice in one batch counts once
                kept.append(record)
        return kept

    async def follow(self, connection: AsyncConnection, fresh: Sequence[Received]) -> int:
        """Note how far each aggregate has come; returns the number of gaps seen (and kept)."""
        facts = [record for record in fresh if record.topic.kind == "events"]
        if not facts:
            return 0
        keys = sorted({(record.topic.name, record.key) for record in facts})
        columns = {"topics": [topic for topic, _ in keys], "keys": [key for _, key in keys]}
        rows = await connection.execute(_POSITIONS, {**columns, "consumer": self.consumer})
        reached = {(row.topic, row.key): int(row.version) for row in rows}
        gaps = []
        for record in facts:
            key = (record.topic.name, record.key)
            before = reached.get(key, 0)
            if isinstance(record.event, Unread) and record.aggregate_version <= before:
                continue  # skipped events do not stand in the inbox: this one comes again
            if record.aggregate_version != before + 1:
                gaps.append(VersionGap(record, before + 1))
            reached[key] = max(before, record.aggregate_version)
        versions = [reached[key] for key in keys]
        reaching = {**columns, "consumer": self.consumer, "versions": versions}
        await connection.execute(_REACH, reaching)
        gaps = await self._without_reread(connection, gaps)
        await self._keep_gaps(connection, gaps)
        return len(gaps)

    async def _without_reread(
        self, connection: AsyncConnection, gaps: Sequence[VersionGap]
    ) -> list[VersionGap]:
        """Without those that an earlier release passed by: their versions were followed then."""
        if all(gap.record.aggregate_version > gap.expected for gap in gaps):
            return list(gaps)
        rows = await connection.execute(_PASSED_BY, {"consumer": self.consumer})
        passed_by = {(row.topic, row.type) for row in rows}
        return [
            gap
            for gap in gaps
            if gap.record.aggregate_version > gap.expected
            or (gap.record.topic.name, gap.record.type) not in passed_by
        ]

    async def _keep_gaps(self, connection: AsyncConnection, gaps: Sequence[VersionGap]) -> None:
        if gaps:
            await connection.execute(
                _GAP,
                {
                    "consumer": self.consumer,
                    "topics": [gap.record.topic.name for gap in gaps],
                    "keys": [gap.record.key for gap in gaps],
                    "expected": [gap.expected for gap in gaps],
                    "got": [gap.record.aggregate_version for gap in gaps],
                },
            )


async def ensure_partitions(connection: AsyncConnection, today: date) -> None:
    """Make the inbox partitions of this month and the next, before events need them."""
    this_month = today.replace(day=1)
    next_month = (this_month.replace(day=28)).replace(
        month=this_month.month % 12 + 1, year=this_month.year + this_month.month // 12, day=1
    )
    for month in (this_month, next_month):
        await connection.execute(_PARTITION, {"month": month})
