"""Doors to needs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import Field

from marktbund.auth import Actor, member_role
from marktbund.contracts.http.orders import NeedAnswer
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from orders.awarding import handlers, views
from orders.awarding.commands import RecordNeed

router = APIRouter()

PageSize = Annotated[int, Field(ge=1, le=500)]
Planner = Annotated[Actor, Depends(member_role("requester", "award_office"))]
Reader = Annotated[Actor, Depends(member_role("requester", "approver", "award_office", "auditor"))]


@router.post("/needs", status_code=201, response_model=NeedAnswer)
async def record_need(
    command: RecordNeed, actor: Planner, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> NeedAnswer:
        return NeedAnswer.model_validate(await handlers.record_need(command, actor, uow))

    return await once(work)


@router.get("/needs")
async def list_needs(
    actor: Reader, reading: Reading, after: UUID | None = None, limit: PageSize = 50
) -> list[NeedAnswer]:
    return await views.needs(reading, actor.member_id, after, limit)


@router.post("/needs/{need_id}/closure")
async def close_need(need_id: UUID, actor: Planner, uow: Uow) -> NeedAnswer:
    return NeedAnswer.model_validate(await handlers.close_need(need_id, actor, uow))
