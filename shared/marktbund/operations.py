"""Doors for whoever runs the platform, the same in every service: what waits, what was parked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from marktbund.auth import Official, cooperative_role
from marktbund.consuming import dead_letters
from marktbund.http import Reading

router = APIRouter(prefix="/operations")

Operator = Annotated[Official, Depends(cooperative_role("operator"))]

_FIRST = UUID(int=0)
_PROGRESS = text("""
    SELECT consumer, topic, sum(next_offset) AS next_offset, sum(applied) AS applied,
           sum(duplicates) AS duplicates, sum(parked) AS parked
      FROM consumer_offset GROUP BY consumer, topic ORDER BY consumer, topic
""")
_GAPS = text(
    "SELECT topic, key, expected, got, seen_at FROM version_gap ORDER BY seen_at DESC LIMIT 100"
)
_OUTBOX = text("""
    SELECT count(*) AS waiting, extract(epoch FROM now() - min(created_at)) AS oldest_seconds
      FROM outbox
""")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class DeadLetter(_Answer):
    """A parked record, without its content; `key_quarantined` waits behind an earlier one."""

    id: UUID
    consumer: str
    topic: str
    partition: int
    record_offset: int
    key: str | None
    code: str
    cause: str
    parked_at: datetime


class Progress(_Answer):
    """What became of a topic's records: applied, suppressed as duplicates, parked."""

    consumer: str
    topic: str
    next_offset: int
    applied: int
    duplicates: int
    parked: int


class Gap(_Answer):
    """A jump in an aggregate's versions: something before it is missing."""

    topic: str
    key: str
    expected: int
    got: int
    seen_at: datetime


class Status(_Answer):
    """What waits to be sent, how far consuming has come, and gaps seen (newest 100)."""

    outbox_waiting: int
    outbox_oldest_seconds: float | None
    progress: tuple[Progress, ...]
    gaps: tuple[Gap, ...]


@router.get("/dead-letters")
async def list_dead_letters(
    _: Operator,
    reading: Reading,
    after: UUID = _FIRST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[DeadLetter]:
    """Parked records, oldest first; `after` is the last id of the page before."""
    return [DeadLetter(**row) for row in await dead_letters.listed(reading, after, limit)]


@router.get("/status")
async def status(_: Operator, reading: Reading) -> Status:
    """How sending and consuming stand, from the database itself."""
    outbox = (await reading.execute(_OUTBOX)).one()
    progress = await reading.execute(_PROGRESS)
    gaps = await reading.execute(_GAPS)
    return Status(
        outbox_waiting=outbox.waiting,
        outbox_oldest_seconds=outbox.oldest_seconds,
        progress=tuple(Progress.model_validate(row) for row in progress),
        gaps=tuple(Gap.model_validate(row) for row in gaps),
    )
