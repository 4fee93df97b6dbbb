"""Dead letters: records that no retry will apply, and the later records of their key.

This side is the consumer's: park in the transaction that moves past a record, and see which keys
wait. What people do about it: `replaying`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import ConsumerRecord
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.envelope import PoisonError
from marktbund.ids import new_id
from marktbund.jsons import dumps

_PARK = text("""
    INSERT INTO dead_letter
        (id, consumer, topic, partition, record_offset, key, headers, value, code, cause)
    VALUES (:id, :consumer, :topic, :partition, :offset, :key, CAST(:headers AS json), :value,
            :code, :cause)
    ON CONFLICT (consumer, topic, partition, record_offset) WHERE status = 'parked' DO NOTHING
""")
_QUARANTINED = text("""
    SELECT DISTINCT k.topic, k.key
      FROM unnest(CAST(:topics AS text[]), CAST(:keys AS bytea[])) AS k (topic, key)
      JOIN dead_letter AS d ON d.consumer = :consumer AND d.topic = k.topic
       AND sha256(d.key) = sha256(k.key) AND d.status = 'parked'
""")
_MAX_CAUSE = 500

TopicKey = tuple[str, bytes]
"""Topic (with prefix) and key: what is quarantined together."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A record to park, with its cause."""

    record: ConsumerRecord
    code: str
    cause: str


def topic_key(record: ConsumerRecord) -> TopicKey | None:
    """Where a record is quarantined; None without a key: it holds up nobody."""
    return (record.topic, record.key) if record.key is not None else None


def cause_of(error: Exception) -> tuple[str, str]:
    """Stable code and a sentence for why a record cannot be applied, as PostgreSQL can keep it."""
    if isinstance(error, PoisonError):
        code, cause = error.code, error.detail
    else:
        code, cause = "handler_failed", f"{type(error).__name__}: {error}"
    return code, _storable(cause)


def _storable(cause: str) -> str:
    return cause.replace("\0", "\\0")[:_MAX_CAUSE]


async def quarantined(
    connection: AsyncConnection, consumer: str, records: Sequence[ConsumerRecord]
) -> set[TopicKey]:
    """The keys among these records that wait behind a parked one."""
    keys = sorted({key for record in records if (key := topic_key(record)) is not None})
    rows = await connection.execute(
        _QUARANTINED,
        {
            "consumer": consumer,
            "topics": [topic for topic, _ in keys],
            "keys": [key for _, key in keys],
        },
    )
    return {(row.topic, bytes(row.key)) for row in rows}


def packed(headers: Sequence[tuple[str, bytes | None]]) -> str:
    """Headers as JSON: pairs of name and value in base64, null where there is no value."""
    return dumps(
        [
            [name, None if value is None else base64.b64encode(value).decode()]
            for name, value in headers
        ]
    )


def unpacked(headers: Sequence[tuple[str, str | None]]) -> list[tuple[str, bytes | None]]:
    """Headers as they came, from what `packed` made of them."""
    return [(name, None if value is None else base64.b64decode(value)) for name, value in headers]


async def park(connection: AsyncConnection, consumer: str, parked: Sequence[Parked]) -> None:
    """Keep records as they came, in the transaction that moves past them."""
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
                    "headers": packed(letter.record.headers),
                    "value": letter.record.value,
                    "code": letter.code,
                    "cause": _storable(letter.cause),
                }
                for letter in parked
            ],
        )
