"""One dead letter's rows under its partition's lock: load, repair, settle, note a failure.

The lock is the offset row of the letter's partition, the one every batch of the live consumer
takes first: while it is held, no record of the key is applied, parked or let pass elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from aiokafka import ConsumerRecord
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.consuming.dead_letters import packed, unpacked

Outcome = Literal["applied", "duplicate", "discarded"]

_LOCK = text("""
    SELECT next_offset FROM consumer_offset
     WHERE consumer = :consumer AND topic = :topic AND partition = :partition FOR UPDATE
""")
_LOAD = """
    SELECT d.id, d.consumer, d.topic, d.partition, d.record_offset, d.key, d.status,
           coalesce(r.headers, d.headers) AS headers,
           CASE WHEN r.headers IS NULL THEN d.value ELSE r.value END AS value
      FROM dead_letter AS d
      LEFT JOIN LATERAL (
           SELECT headers, value FROM dead_letter_step
            WHERE letter_id = d.id AND step = 'repaired' ORDER BY seq DESC LIMIT 1) AS r ON true
"""
_LOOK = text(_LOAD + " WHERE d.id = :id")
_TAKE = text(_LOAD + " WHERE d.id = :id FOR UPDATE OF d")
_FIRST_OF_KEY = text(
    _LOAD
    + """
     WHERE d.consumer = :consumer AND d.topic = :topic AND sha256(d.key) = sha256(:key)
       AND d.status = 'parked'
     ORDER BY d.record_offset LIMIT 1 FOR UPDATE OF d
"""
)
_STEP = text("""
    INSERT INTO dead_letter_step (letter_id, step, done_by, detail, headers, value)
    VALUES (:id, :step, :by, :detail, CAST(:headers AS json), :value)
""")
_SETTLE = text("UPDATE dead_letter SET status = :outcome WHERE id = :id AND status = 'parked'")
_FAIL = text("""
    UPDATE dead_letter SET attempts = attempts + 1, retry_code = :code, retry_cause = :cause
     WHERE id = :id AND status = 'parked'
""")
_COUNT = text("""
    UPDATE consumer_offset
       SET parked = parked - 1,
           applied = applied + CAST(:outcome = 'applied' AS int),
           duplicates = duplicates + CAST(:outcome = 'duplicate' AS int),
           discarded = discarded + CAST(:outcome = 'discarded' AS int), updated_at = now()
     WHERE consumer = :consumer AND topic = :topic AND partition = :partition
""")


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter with the content a replay would apply: the newest repair, else as it came."""

    id: UUID
    consumer: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    status: str
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None

    @property
    def record(self) -> ConsumerRecord:
        """The letter as the broker would hand it out."""
        return ConsumerRecord(
            topic=self.topic,
            partition=self.partition,
            offset=self.offset,
            timestamp=-1,
            timestamp_type=-1,
            key=self.key,
            value=self.value,
            checksum=None,
            serialized_key_size=len(self.key or b""),
            serialized_value_size=len(self.value or b""),
            headers=self.headers,
        )


def _letter(row: RowMapping) -> Letter:
    return Letter(
        id=row["id"],
        consumer=row["consumer"],
        topic=row["topic"],
        partition=row["partition"],
        offset=row["record_offset"],
        key=row["key"],
        status=row["status"],
        headers=unpacked(row["headers"]),
        value=row["value"],
    )


async def lock(connection: AsyncConnection, letter: Letter) -> None:
    """Keep the live consumer of the letter's partition out until the end of the transaction."""
    partition = {"consumer": letter.consumer, "topic": letter.topic, "partition": letter.partition}
    await connection.execute(_LOCK, partition)


async def look(connection: AsyncConnection, letter_id: UUID) -> Letter | None:
    """A letter as it is at this moment; which partition to lock does not change."""
    row = (await connection.execute(_LOOK, {"id": letter_id})).mappings().one_or_none()
    return None if row is None else _letter(row)


async def take(connection: AsyncConnection, letter_id: UUID) -> Letter | None:
    """A letter, its own until the end of the transaction; after `lock`, as everybody does."""
    row = (await connection.execute(_TAKE, {"id": letter_id})).mappings().one_or_none()
    return None if row is None else _letter(row)


async def first_of_key(connection: AsyncConnection, letter: Letter) -> Letter | None:
    """The first parked letter of the key, which alone may be replayed; None: nothing waits."""
    letter_key = {"consumer": letter.consumer, "topic": letter.topic, "key": letter.key}
    row = (await connection.execute(_FIRST_OF_KEY, letter_key)).mappings().one_or_none()
    return None if row is None else _letter(row)


async def settle(
    connection: AsyncConnection, letter: Letter, outcome: Outcome, by: UUID, detail: str = ""
) -> None:
    """End a parked letter: it no longer holds up its key and is counted as what became of it."""
    await connection.execute(_SETTLE, {"id": letter.id, "outcome": outcome})
    await _note(connection, letter, outcome, by, detail)
    partition = {"consumer": letter.consumer, "topic": letter.topic, "partition": letter.partition}
    await connection.execute(_COUNT, partition | {"outcome": outcome})


async def note_failure(
    connection: AsyncConnection, letter: Letter, code: str, cause: str, by: UUID
) -> None:
    """A replay failed: the letter stays parked, with the new cause beside the first."""
    await connection.execute(_FAIL, {"id": letter.id, "code": code, "cause": cause})
    await _note(connection, letter, "failed", by, f"{code}: {cause}")


async def keep_repair(
    connection: AsyncConnection, letter: Letter, mended: Letter, by: UUID, reason: str
) -> None:
    """Keep a corrected content beside the original; the newest is what a replay applies."""
    await _note(connection, letter, "repaired", by, reason, mended)


async def _note(
    connection: AsyncConnection,
    letter: Letter,
    step: str,
    by: UUID,
    detail: str,
    mended: Letter | None = None,
) -> None:
    await connection.execute(
        _STEP,
        {
            "id": letter.id,
            "step": step,
            "by": by,
            "detail": detail,
            "headers": packed(mended.headers) if mended else None,
            "value": mended.value if mended else None,
        },
    )
