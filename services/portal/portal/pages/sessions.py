"""The operator's door: how many browsers are signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from marktbund.auth import Official, cooperative_role
from marktbund.http import Reading
from portal.store import sessions

router = APIRouter()

Operator = Annotated[Official, Depends(cooperative_role("operator"))]


class SessionCount(BaseModel):
    """Sessions that have not been swept yet."""

    sessions: int


@router.get("/sessions")
async def count_sessions(_: Operator, reading: Reading) -> SessionCount:
    return SessionCount(sessions=await sessions.count(reading))
