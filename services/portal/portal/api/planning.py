"""Demand for those who bundle it: over time, by class, by member; each plot with table and CSV."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.api.pages import page, protected
from portal.api.visitors import Ask, with_role
from portal.views import demand
from portal.views.visits import Visit

router = APIRouter()

Planner = Annotated[Visit, Depends(with_role("procurement", "office", "auditor"))]
Sheet = Literal["monate", "klassen", "mitglieder"]


@router.get("/planung")
async def overview(request: Request, visit: Planner, services: Ask) -> Response:
    shown = await demand.overview(services, visit.plain_caller)
    return page(request, "planning.html", visit, **shown)


@router.get("/planung/{sheet}.csv")
async def sheet(request: Request, sheet: Sheet, visit: Planner, services: Ask) -> Response:
    content = await demand.sheet(services, visit.plain_caller, sheet)
    disposition = f'attachment; filename="bedarf-{sheet}.csv"'
    headers = {**protected(request), "Content-Disposition": disposition}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
