"""The operator's doors to dead letters, the same in every service."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from marktbund.auth import Official, cooperative_role
from marktbund.envelope import MAX_VALUE_BYTES
from marktbund.errors import NotFound
from marktbund.http import Reading
from marktbund.replaying import DeadLetters, ReplayAnswer, letters
from marktbund.replaying.letters import (
    DeadLetterAnswer,
    DeadLetterContentAnswer,
    QuarantinedKeyAnswer,
    Status,
)
from marktbund.texts import OneLine

router = APIRouter(prefix="/dead-letters")

Operator = Annotated[Official, Depends(cooperative_role("operator"))]
Reason = Annotated[str, OneLine(500, min_length=3)]
Text = Annotated[Annotated[str, OneLine(300)] | None, Query()]
Headers = Annotated[
    dict[Annotated[str, OneLine(100, min_length=1)], Annotated[str, OneLine(2_000)]],
    Field(max_length=50),
]
PageSize = Annotated[int, Query(ge=1, le=500)]

_FIRST = UUID(int=0)


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Repair(_Command):
    """A corrected content: `value` as text, `headers` complete; what is left out stays."""

    reason: Reason
    value: Annotated[str, Field(max_length=MAX_VALUE_BYTES)] | None = None
    headers: Headers | None = None


class Discard(_Command):
    """Give a letter up for good."""

    reason: Reason


def _desk(request: Request) -> DeadLetters:
    state = request.app.state
    return DeadLetters(state.database, state.hearing, prefix=state.settings.prefix)


Desk = Annotated[DeadLetters, Depends(_desk)]


@router.get("")
async def list_dead_letters(
    _: Operator,
    reading: Reading,
    status: Status | Literal["all"] = "parked",
    topic: Text = None,
    key: Text = None,
    code: Text = None,
    after: UUID = _FIRST,
    limit: PageSize = 100,
) -> list[DeadLetterAnswer]:
    """Oldest first, without content; `after` is the last id of the page before."""
    return await letters.listed(
        reading,
        after=after,
        limit=limit,
        status=None if status == "all" else status,
        topic=topic,
        key=key,
        code=code,
    )


@router.get("/keys")
async def list_quarantined_keys(
    _: Operator, reading: Reading, after: UUID = _FIRST, limit: PageSize = 100
) -> list[QuarantinedKeyAnswer]:
    """Keys that stand still, longest first; `after` is the last `first_id` of the page before."""
    return await letters.quarantined_keys(reading, after=after, limit=limit)


async def _shown(reading: Reading, letter_id: UUID) -> DeadLetterContentAnswer:
    letter = await letters.shown(reading, letter_id)
    if letter is None:
        raise NotFound("letter_unknown", "Diesen abgelegten Satz gibt es nicht")
    return letter


@router.get("/{letter_id}")
async def show_dead_letter(
    letter_id: UUID, _: Operator, reading: Reading
) -> DeadLetterContentAnswer:
    """One letter with its content and what was done about it."""
    return await _shown(reading, letter_id)


@router.put("/{letter_id}/repair", status_code=204)
async def repair_dead_letter(
    letter_id: UUID, repair: Repair, operator: Operator, desk: Desk
) -> None:
    """Keep a corrected content beside the original; a replay applies the newest."""
    await desk.repair(letter_id, operator.person_id, repair.reason, repair.value, repair.headers)


@router.post("/{letter_id}/replay")
async def replay_dead_letter(letter_id: UUID, operator: Operator, desk: Desk) -> ReplayAnswer:
    """Apply one letter, the first of its key."""
    return await desk.replay(letter_id, operator.person_id)


@router.post("/{letter_id}/replay-key")
async def replay_key(
    letter_id: UUID, operator: Operator, desk: Desk, limit: PageSize = 500
) -> list[ReplayAnswer]:
    """Apply the letters of this letter's key in order, until one fails or none is left."""
    return await desk.replay_key(letter_id, operator.person_id, limit)


@router.post("/{letter_id}/discard", status_code=204)
async def discard_dead_letter(
    letter_id: UUID, discard: Discard, operator: Operator, desk: Desk
) -> None:
    """Give a letter up for good; what waits behind it can be replayed."""
    await desk.discard(letter_id, operator.person_id, discard.reason)
