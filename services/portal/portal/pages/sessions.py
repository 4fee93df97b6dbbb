"""The operator's door: how many browsers are signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends

from marktbund.auth import Official, cooperative_role
from marktbund.contracts.http import Answer
from marktbund.http import Reading
from portal.store import sessions

router = APIRouter()

Operator = Annotated[Official, Depends(cooperative_role("operator"))]


class SessionCountAnswer(Answer):
    """Sessions that have not been swept yet."""

    sessions: int


@router.get("/sessions")
async def count_sessions(_: Operator, reading: Reading) -> SessionCountAnswer:
    return SessionCountAnswer(sessions=await sessions.count(reading))
