"""Events of types that this release does not know: counted, named once, passed by.

A writer announces a new type only after its readers are out. Where one is late all the same, where
it began to skip is kept: the release that knows the type raises an alarm and reads from there.
"""

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
    rows: dict[tuple[str, str, int], dict[str, object]] = {}
    counts: dict[tuple[str, str, int], int] = {}
    for record in skipped:
        stretch = (record.topic.name, record.type, record.partition)
        counts[stretch] = counts.get(stretch, 0) + 1
        rows.setdefault(stretch, {"first_offset": record.offset})
        if (consumer, record.type) not in _named:
            _named.add((consumer, record.type))
            _log.warning("type_skipped", type=record.type, topic=record.topic.name)
    for stretch in sorted(rows):
        topic, kind, partition = stretch
        about = {"consumer": consumer, "topic": topic, "type": kind, "partition": partition}
        await connection.execute(_NOTE, rows[stretch] | about | {"records": counts[stretch]})
