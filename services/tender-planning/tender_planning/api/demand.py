"""Doors to the demand: question -> view -> answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from marktbund.contracts.http.tender_planning import (
    CellAnswer,
    OrderLineAnswer,
    StrongArticleAnswer,
    StrongClassAnswer,
    TotalsAnswer,
)
from marktbund.http import Reading
from tender_planning.api.roles import Planner
from tender_planning.api.sheets import EXPORTED, as_sheet
from tender_planning.commands.demand import DemandFilter, FindStrongest, ListDemand, ListOrderLines
from tender_planning.commands.questions import Group
from tender_planning.views import demand, order_lines, sheets, strongest

router = APIRouter()


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


@router.get("/demand.csv", response_class=Response, dependencies=[EXPORTED])
async def export_demand(
    _: Planner, reading: Reading, question: Annotated[DemandFilter, Query()]
) -> Response:
    return as_sheet(sheets.CELLS, await demand.sheet_cells(reading, question), "bedarf")


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
    comparable_group: Group,
    _: Planner,
    reading: Reading,
    question: Annotated[ListOrderLines, Query()],
) -> list[OrderLineAnswer]:
    return await order_lines.of_group(reading, comparable_group, question)
