"""Dead letters: records that no retry will apply, and the later records of their key."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.ids import new_id
from marktbund.jsons import dumps

_PARK = text("""
    INSERT INTO dead_letter
        (id, consumer, topic, partition, record_offset, key, headers, value, code, cause)
    VALUES (:id, :consumer, :topic, :partition, :offset, :key, CAST(:headers AS jsonb), :value,
            :code, :cause)
    ON CONFLICT (consumer, topic, partition, record_offset) DO NOTHING
""")
_QUARANTINED = text("""
    SELECT DISTINCT topic, key FROM dead_letter
     WHERE consumer = :consumer AND (topic, key) IN (
           SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:keys AS bytea[])))
""")
_LIST = text("""
    SELECT id, consumer, topic, partition, record_offset, encode(key, 'escape') AS key, code,
           cause, parked_at
      FROM dead_letter
     WHERE id > :after ORDER BY id LIMIT :limit
""")

Place = tuple[str, bytes]
"""Topic (with prefix) and key: what is quarantined together."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A record to park, with its cause."""

    record: ConsumerRecord
    code: str
    cause: str


def place_of(record: ConsumerRecord) -> Place | None:
    """Where a record is quarantined; None without a key: it holds up nobody."""
    return (record.topic, record.key) if record.key is not None else None


async def quarantined(
    connection: AsyncConnection, consumer: str, records: Sequence[ConsumerRecord]
) -> set[Place]:
    """The keys among these records that wait behind a parked one."""
    places = sorted({place for record in records if (place := place_of(record)) is not None})
    rows = await connection.execute(
        _QUARANTINED,
        {
            "consumer": consumer,
            "topics": [topic for topic, _ in places],
            "keys": [key for _, key in places],
        },
    )
    return {(row.topic, bytes(row.key)) for row in rows}


def _headers(record: ConsumerRecord) -> str:
    return dumps(
        [[name, base64.b64encode(value or b"").decode()] for name, value in record.headers]
    )


async def park(connection: AsyncConnection, consumer: str, parked: Sequence[Parked]) -> None:
    """Keep records as they came (headers base64), in the transaction that moves past them."""
    if parked:
        await connection.execute(
            _PARK,
            [
                {
                    "id": new_id(),
                    "consumer": consumer,
                    "topic": letter.record.topic,
                    "partition": letter.record.partition,
                    "offset": letter.record.offset,
                    "key": letter.record.key,
                    "headers": _headers(letter.record),
                    "value": letter.record.value,
                    "code": letter.code,
                    "cause": letter.cause,
                }
                for letter in parked
            ],
        )


async def listed(connection: AsyncConnection, after: UUID, limit: int) -> list[dict[str, Any]]:
    """Parked records, oldest first, without their content; `after` is the last id of a page."""
    rows = await connection.execute(_LIST, {"after": after, "limit": limit})
    return [dict(row) for row in rows.mappings()]
