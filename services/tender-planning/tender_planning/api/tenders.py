"""Doors to tenders: look, enter the result, end without one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from marktbund.contracts.http.tender_planning import MovedAnswer, TenderAnswer
from marktbund.http import Reading, Uow
from tender_planning.api.roles import Planner, Reviewer
from tender_planning.api.sheets import EXPORTED, as_sheet
from tender_planning.commands.decisions import CancelTender, EnterAward
from tender_planning.commands.questions import ListTenders
from tender_planning.handlers import decisions
from tender_planning.views import sheets, tenders
from tender_planning.views.tenders import tender_answer

router = APIRouter()


@router.get("/tenders")
async def list_tenders(
    _: Planner, reading: Reading, question: Annotated[ListTenders, Query()]
) -> list[TenderAnswer]:
    return await tenders.tenders(reading, question)


@router.get("/tenders/{tender_id}")
async def show_tender(tender_id: UUID, _: Planner, reading: Reading) -> TenderAnswer:
    return await tenders.tender(reading, tender_id)


@router.get("/tenders/{tender_id}/moved")
async def show_moved(tender_id: UUID, _: Planner, reading: Reading) -> list[MovedAnswer]:
    return await tenders.moved(reading, tender_id)


@router.get("/tenders/{tender_id}/moved.csv", response_class=Response, dependencies=[EXPORTED])
async def export_moved(tender_id: UUID, _: Planner, reading: Reading) -> Response:
    return as_sheet(sheets.MOVED, await tenders.moved(reading, tender_id), "bedarf-seit-vergabe")


@router.post("/tenders/{tender_id}/award")
async def enter_award(
    tender_id: UUID, command: EnterAward, reviewer: Reviewer, uow: Uow
) -> TenderAnswer:
    awarded = await decisions.enter_award(tender_id, command, reviewer.person_id, uow)
    return tender_answer(awarded)


@router.post("/tenders/{tender_id}/cancellation")
async def cancel_tender(
    tender_id: UUID, command: CancelTender, reviewer: Reviewer, uow: Uow
) -> TenderAnswer:
    cancelled = await decisions.cancel_tender(tender_id, command, reviewer.person_id, uow)
    return tender_answer(cancelled)
