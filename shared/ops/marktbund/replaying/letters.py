"""Questions about dead letters: SQL straight to the answers the doors and the command line give."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming.dead_letters import unpacked

Status = Literal["parked", "applied", "duplicate", "discarded"]

_SUMMARY = """
    SELECT d.id, d.consumer, d.topic, d.partition, d.record_offset,
           encode(d.key, 'escape') AS key, d.code, d.cause, d.parked_at, d.status, d.attempts,
           d.retry_code, d.retry_cause,
           EXISTS (SELECT FROM dead_letter_step AS s
                    WHERE s.letter_id = d.id AND s.step = 'repaired') AS repaired,
           (SELECT f.id FROM dead_letter AS f
             WHERE d.status = 'parked' AND f.status = 'parked' AND f.consumer = d.consumer
               AND f.topic = d.topic AND sha256(f.key) = sha256(d.key)
               AND f.record_offset < d.record_offset
             ORDER BY f.record_offset LIMIT 1) AS waits_behind
"""
_LIST = text(
    _SUMMARY
    + """
      FROM dead_letter AS d
     WHERE d.id > :after AND (CAST(:status AS text) IS NULL OR d.status = :status)
       AND (CAST(:topic AS text) IS NULL OR d.topic = :topic)
       AND (CAST(:code AS text) IS NULL OR d.code = :code)
       AND (CAST(:key AS bytea) IS NULL OR sha256(d.key) = sha256(:key))
     ORDER BY d.id LIMIT :limit
"""
)
_ONE = text(_SUMMARY + ", d.key AS raw_key, d.headers, d.value FROM dead_letter d WHERE d.id = :id")
_STEPS = text("""
    SELECT step, done_by, done_at, detail, headers, value
      FROM dead_letter_step WHERE letter_id = :id ORDER BY seq
""")
_KEYS = """
    SELECT DISTINCT ON (consumer, topic, sha256(key))
           id AS first_id, consumer, topic, encode(key, 'escape') AS key, code, cause, attempts,
           retry_code, retry_cause, parked_at,
           count(*) OVER (PARTITION BY consumer, topic, sha256(key)) AS parked
      FROM dead_letter WHERE status = 'parked' AND key IS NOT NULL
     ORDER BY consumer, topic, sha256(key), record_offset
"""
_QUARANTINED_KEYS = text(
    f"SELECT * FROM ({_KEYS}) AS k WHERE first_id > :after ORDER BY first_id LIMIT :limit"
)
_STANDING = text("""
    SELECT consumer, topic, count(*) AS parked, count(DISTINCT sha256(key)) AS quarantined_keys,
           CAST(extract(epoch FROM now() - min(parked_at)) AS float) AS oldest_seconds
      FROM dead_letter WHERE status = 'parked' GROUP BY consumer, topic ORDER BY consumer, topic
""")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class DeadLetterAnswer(_Answer):
    """A parked record without its content; `code` and `cause` are those it was parked with.

    attempts: replays that failed; retry_code, retry_cause: why the last of them did.
    waits_behind: the letter of its key to be dealt with first.
    """

    id: UUID
    consumer: str
    topic: str
    partition: int
    record_offset: int
    key: str | None
    code: str
    cause: str
    parked_at: datetime
    status: Status
    attempts: int
    retry_code: str | None
    retry_cause: str | None
    repaired: bool
    waits_behind: UUID | None


class Bytes(_Answer):
    """Bytes as they came; `text` where they are UTF-8."""

    base64: str
    text: str | None


class Header(_Answer):
    """One header of a record; null where it came without a value."""

    name: str
    value: Bytes | None


class LetterStep(_Answer):
    """What was done about a letter, by whom; a repair with its content, the newest counts."""

    step: Literal["repaired", "failed", "applied", "duplicate", "discarded"]
    done_by: UUID
    done_at: datetime
    detail: str
    headers: tuple[Header, ...] | None
    value: Bytes | None


class DeadLetterContentAnswer(DeadLetterAnswer):
    """A parked record with its content as it came, and what was done about it."""

    raw_key: Bytes | None
    headers: tuple[Header, ...]
    value: Bytes | None
    steps: tuple[LetterStep, ...]


class QuarantinedKeyAnswer(_Answer):
    """A key that stands still: `parked` letters, of which the first carries the cause."""

    first_id: UUID
    consumer: str
    topic: str
    key: str
    parked: int
    code: str
    cause: str
    attempts: int
    retry_code: str | None
    retry_cause: str | None
    parked_at: datetime


class ParkedTotals(_Answer):
    """What an alarm counts, per topic: parked letters, keys that wait, age of the oldest."""

    consumer: str
    topic: str
    parked: int
    quarantined_keys: int
    oldest_seconds: float


def _bytes(value: bytes | None) -> Bytes | None:
    if value is None:
        return None
    try:
        readable: str | None = value.decode()
    except UnicodeDecodeError:
        readable = None
    return Bytes(base64=base64.b64encode(value).decode(), text=readable)


def _headers(kept: Sequence[tuple[str, str | None]]) -> tuple[Header, ...]:
    return tuple(Header(name=name, value=_bytes(value)) for name, value in unpacked(kept))


def _step(row: RowMapping) -> LetterStep:
    kept = row["headers"]
    headers = None if kept is None else _headers(kept)
    return LetterStep(
        step=row["step"],
        done_by=row["done_by"],
        done_at=row["done_at"],
        detail=row["detail"],
        headers=headers,
        value=_bytes(row["value"]),
    )


async def listed(
    connection: AsyncConnection,
    *,
    after: UUID,
    limit: int,
    status: Status | None = "parked",
    topic: str | None = None,
    key: str | None = None,
    code: str | None = None,
) -> list[DeadLetterAnswer]:
    """Letters, oldest first, without content; `after` is the last id of the page before."""
    chosen = {"status": status, "topic": topic, "code": code, "after": after, "limit": limit}
    raw_key = None if key is None else key.encode()
    rows = await connection.execute(_LIST, chosen | {"key": raw_key})
    return [DeadLetterAnswer.model_validate(row) for row in rows]


async def shown(connection: AsyncConnection, letter_id: UUID) -> DeadLetterContentAnswer | None:
    """One letter with content and history."""
    row = (await connection.execute(_ONE, {"id": letter_id})).mappings().one_or_none()
    if row is None:
        return None
    steps = (await connection.execute(_STEPS, {"id": letter_id})).mappings()
    content = {
        "raw_key": _bytes(row["raw_key"]),
        "headers": _headers(row["headers"]),
        "value": _bytes(row["value"]),
        "steps": tuple(_step(step) for step in steps),
    }
    return DeadLetterContentAnswer(**(dict(row) | content))


async def quarantined_keys(
    connection: AsyncConnection, *, after: UUID, limit: int
) -> list[QuarantinedKeyAnswer]:
    """Keys that stand still, by their first letter; `after` is the last first_id of a page."""
    rows = await connection.execute(_QUARANTINED_KEYS, {"after": after, "limit": limit})
    return [QuarantinedKeyAnswer.model_validate(row) for row in rows]


async def standing(connection: AsyncConnection) -> list[ParkedTotals]:
    """What is parked now, per consumer and topic; empty when nothing is."""
    rows = await connection.execute(_STANDING)
    return [ParkedTotals.model_validate(row) for row in rows]
