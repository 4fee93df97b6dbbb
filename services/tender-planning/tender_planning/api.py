"""HTTP doors: question -> view -> answer. Open to the cooperative only, never to one member."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from marktbund.auth import Official, cooperative_role
from marktbund.http import Reading
from tender_planning.commands import DemandFilter, FindStrongest, ListDemand, ListOrderLines
from tender_planning.views import demand, order_lines, spreadsheet, strongest
from tender_planning.views.demand import CellAnswer, TotalsAnswer
from tender_planning.views.order_lines import OrderLineAnswer
from tender_planning.views.strongest import StrongArticleAnswer, StrongClassAnswer

router = APIRouter()

Planner = Annotated[Official, Depends(cooperative_role("procurement", "office", "auditor"))]


@router.get("/demand")
async def list_demand(
    _: Planner, reading: Reading, question: Annotated[ListDemand, Query()]
) -> list[CellAnswer]:
    return await demand.cells(reading, question)


@router.get("/demand/totals")
async def total_demand(
    _: Planner, reading: Reading, question: Annotated[DemandFilter, Query()]
) -> TotalsAnswer:
    return await demand.totals(reading, question)


@router.get("/demand.csv", response_class=Response)
async def export_demand(
    _: Planner, reading: Reading, question: Annotated[DemandFilter, Query()]
) -> Response:
    return Response(
        spreadsheet.sheet(await demand.sheet_cells(reading, question)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="bedarf.csv"'},
    )


@router.get("/strongest/classes")
async def find_strongest_classes(
    _: Planner, reading: Reading, question: Annotated[FindStrongest, Query()]
) -> list[StrongClassAnswer]:
    return await strongest.classes(reading, question)


@router.get("/strongest/articles")
async def find_strongest_articles(
    _: Planner, reading: Reading, question: Annotated[FindStrongest, Query()]
) -> list[StrongArticleAnswer]:
    return await strongest.articles(reading, question)


@router.get("/groups/{comparable_group:path}/orders")
async def list_group_orders(
    comparable_group: str,
    _: Planner,
    reading: Reading,
    question: Annotated[ListOrderLines, Query()],
) -> list[OrderLineAnswer]:
    return await order_lines.of_group(reading, comparable_group, question)
