"""Doors for reviewers of comparable groups."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from marktbund.contracts.http.tender_planning import CorrectionAnswer
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from tender_planning.api.roles import Planner, Reviewer
from tender_planning.commands.decisions import CorrectGroup, WithdrawCorrection
from tender_planning.commands.questions import ListCorrections
from tender_planning.handlers import decisions
from tender_planning.views import corrections

router = APIRouter()


@router.get("/corrections")
async def list_corrections(
    _: Planner, reading: Reading, question: Annotated[ListCorrections, Query()]
) -> list[CorrectionAnswer]:
    return await corrections.corrections(reading, question)


@router.post("/corrections", status_code=201, response_model=CorrectionAnswer)
async def correct_group(
    command: CorrectGroup, reviewer: Reviewer, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> CorrectionAnswer:
        made = await decisions.correct_group(command, reviewer.person_id, uow)
        return CorrectionAnswer.model_validate(made)

    return await once(work)


@router.post("/corrections/{correction_id}/withdrawal")
async def withdraw_correction(
    correction_id: UUID, command: WithdrawCorrection, reviewer: Reviewer, uow: Uow
) -> CorrectionAnswer:
    taken_back = await decisions.withdraw_correction(
        correction_id, command, reviewer.person_id, uow
    )
    return CorrectionAnswer.model_validate(taken_back)
