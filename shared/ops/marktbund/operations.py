"""Doors for whoever runs the platform, the same in every service: what waits, what was parked."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from marktbund import dead_letter_doors
from marktbund.auth import Official, cooperative_role
from marktbund.http import Reading
from marktbund.replaying import letters
from marktbund.replaying.letters import ParkedTotals

router = APIRouter(prefix="/operations")
router.include_router(dead_letter_doors.router)

Operator = Annotated[Official, Depends(cooperative_role("operator"))]

_PROGRESS = text("""
    SELECT consumer, topic, sum(next_offset) AS next_offset, sum(applied) AS applied,
           sum(duplicates) AS duplicates, sum(parked) AS parked, sum(discarded) AS discarded,
           sum(skipped) AS skipped
      FROM consumer_offset GROUP BY consumer, topic ORDER BY consumer, topic
""")
_GAPS = text("""
    SELECT topic, key, expected, got, seen_at, count(*) OVER () AS total
      FROM version_gap ORDER BY seen_at DESC LIMIT 100
""")
_OUTBOX = text("""
    SELECT count(*) AS waiting, extract(epoch FROM now() - min(created_at)) AS oldest_seconds
      FROM outbox
""")


class _StatusPart(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class TopicProgress(_StatusPart):
    """What became of a topic's records; `parked` are those parked now, replayed ones are not;
    skipped: of types that the release of then did not know.
    """

    consumer: str
    topic: str
    next_offset: int
    applied: int
    duplicates: int
    parked: int
    discarded: int
    skipped: int


class Gap(_StatusPart):
    """A jump in an aggregate's versions: something before it is missing."""

    topic: str
    key: str
    expected: int
    got: int
    seen_at: datetime


class StatusAnswer(_StatusPart):
    """What waits to be sent, how far consuming has come, what is parked, gaps.

    gaps: the newest 100 of `gaps_total`.
    """

    outbox_waiting: int
    outbox_oldest_seconds: float | None
    progress: tuple[TopicProgress, ...]
    dead_letters: tuple[ParkedTotals, ...]
    gaps: tuple[Gap, ...]
    gaps_total: int


@router.get("/status")
async def status(_: Operator, reading: Reading) -> StatusAnswer:
    """How sending and consuming stand, from the database itself."""
    outbox = (await reading.execute(_OUTBOX)).one()
    progress = await reading.execute(_PROGRESS)
    gaps = (await reading.execute(_GAPS)).all()
    return StatusAnswer(
        outbox_waiting=outbox.waiting,
        outbox_oldest_seconds=outbox.oldest_seconds,
        progress=tuple(TopicProgress.model_validate(row) for row in progress),
        dead_letters=tuple(await letters.standing(reading)),
        gaps=tuple(Gap.model_validate(row) for row in gaps),
        gaps_total=gaps[0].total if gaps else 0,
    )
