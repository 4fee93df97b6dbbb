"""Events of types that this release does not know: counted, named once, passed by.

A writer announces a new type only after its readers are out. Where one is late all the same, where
it began to skip is kept: the release that knows the type raises an alarm and reads from there.
"""

from collections import Counter
from collections.abc import Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.envelope import Received

_NOTE = text("""
    INSERT INTO skipped_type AS s (consumer, topic, type, partition, first_offset, records)
    VALUES (:consumer, :topic, :type, :partition, :first_offset, :records)
    ON CONFLICT (consumer, topic, type, partition) DO UPDATE
       SET records = s.records + excluded.records,
           first_offset = CASE WHEN s.repaired_at IS NULL THEN s.first_offset
                               ELSE excluded.first_offset END,
           first_at = CASE WHEN s.repaired_at IS NULL THEN s.first_at ELSE now() END,
           repaired_at = NULL
""")
_log = structlog.get_logger(__name__)
_named: set[tuple[str, str]] = set()
"""Consumer and type: what this process has logged."""


async def note(connection: AsyncConnection, consumer: str, skipped: Sequence[Received]) -> None:
    """Keep per type and partition where skipping began and how many there were."""
    first_offsets: dict[tuple[str, str, int], int] = {}
    counts = Counter[tuple[str, str, int]]()
    for record in skipped:
        stretch = (record.topic.name, record.type, record.partition)
        counts[stretch] += 1
        first_offsets.setdefault(stretch, record.offset)
        if (consumer, record.type) not in _named:
            _named.add((consumer, record.type))
            _log.warning("type_skipped", type=record.type, topic=record.topic.name)
    for (topic, kind, partition), first_offset in sorted(first_offsets.items()):
        await connection.execute(
            _NOTE,
            {
                "consumer": consumer,
                "topic": topic,
                "type": kind,
                "partition": partition,
                "first_offset": first_offset,
                "records": counts[topic, kind, partition],
            },
        )
