"""Demand for those who bundle it: over time, by member and class, by part, by price."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.pages.forms.details import Typed
from portal.pages.forms.wanted import DemandQuestion, read_wanted
from portal.pages.rendering import page_of, protected
from portal.pages.views import demand
from portal.pages.views.demand import Sheet
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, of_cooperative

router = APIRouter()

Planner = Annotated[Visit, Depends(of_cooperative("procurement", "office", "auditor"))]
"""Sees the demand of all members, proposals and tenders."""
Short = Annotated[str, Query(max_length=20)]
Group = Annotated[str, Query(max_length=250)]


async def _asked(von: Short = "", bis: Short = "", teile: Short = "", gruppe: Group = "") -> Typed:
    return {"von": von, "bis": bis, "teile": teile, "gruppe": gruppe}


Asked = Annotated[Typed, Depends(_asked)]
"""What the overview's form asks for, as typed."""


@router.get("/planung")
async def overview(
    request: Request,
    visit: Planner,
    services: Ask,
    typed: Asked,
) -> Response:
    wanted, problems = read_wanted(typed)
    shown = await demand.overview(services, visit.plain_caller, wanted)
    facts = {
        "errors": problems,
        "typed": typed,
        "wanted": wanted,
        "query": _query(wanted, shown.group),
    }
    return page_of(request, "planning.html", visit, 422 if problems else 200, shown, **facts)


@router.get("/planung/{sheet}.csv")
async def export(
    request: Request,
    sheet: Sheet,
    visit: Planner,
    services: Ask,
    typed: Asked,
) -> Response:
    wanted, _ = read_wanted(typed)
    content = await demand.sheet(services, visit.plain_caller, sheet, wanted)
    return csv(request, content, f"bedarf-{sheet}")


def csv(request: Request, content: bytes, name: str) -> Response:
    """A sheet to download."""
    disposition = f'attachment; filename="{name}.csv"'
    headers = {**protected(request), "Content-Disposition": disposition}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _query(wanted: DemandQuestion, group: str) -> str:
    asked = {"von": wanted.first, "bis": wanted.last, "teile": wanted.parts, "gruppe": group}
    return urlencode({name: value for name, value in asked.items() if value})
