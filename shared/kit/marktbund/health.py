"""Health: alive (the loop turns), ready (database reachable; relay, consumer, jobs at work)."""

from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marktbund.contracts.http import Answer


class AliveAnswer(Answer):
    """The process turns."""

    status: Literal["ok"] = "ok"


def router(trouble: Callable[[], Mapping[str, str]]) -> APIRouter:
    """`/health/live` and `/health/ready`; `trouble` names the parts that do not work."""
    doors = APIRouter(prefix="/health", include_in_schema=False)

    @doors.get("/live")
    async def live() -> AliveAnswer:
        return AliveAnswer()

    @doors.get("/ready")
    async def ready(request: Request) -> JSONResponse:
        troubles = dict(trouble())
        settings = request.app.state.settings
        try:
            async with request.app.state.database.reading() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            troubles["database"] = type(error).__name__
        body = {
            "status": "not ready" if troubles else "ready",
            "role": settings.role,
            "pool": {"size": settings.pool_size, "max_overflow": settings.max_overflow},
            "trouble": troubles,
        }
        return JSONResponse(body, 503 if troubles else 200)

    return doors
