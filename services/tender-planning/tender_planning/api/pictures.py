"""Doors to the demand as pages draw it, each as JSON and as a sheet."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from marktbund.contracts.http.tender_planning import (
    HeatMapAnswer,
    MonthAnswer,
    ParetoAnswer,
    PriceAnswer,
)
from marktbund.http import Reading
from tender_planning.api.roles import Planner
from tender_planning.api.sheets import EXPORTED, as_sheet, whole
from tender_planning.commands.questions import (
    DrawHeatMap,
    DrawMonths,
    DrawPareto,
    DrawPrices,
    Group,
)
from tender_planning.views import pictures, sheets

router = APIRouter()

HeatMap = Annotated[DrawHeatMap, Query()]
Pareto = Annotated[DrawPareto, Query()]
OverTime = Annotated[DrawMonths, Query()]
Prices = Annotated[DrawPrices, Query()]


@router.get("/demand/heat-map")
async def draw_heat_map(_: Planner, reading: Reading, question: HeatMap) -> HeatMapAnswer:
    return await pictures.heat_map(reading, question)


@router.get("/demand/heat-map.csv", response_class=Response, dependencies=[EXPORTED])
async def export_heat_map(_: Planner, reading: Reading, question: HeatMap) -> Response:
    drawn = await pictures.heat_map(reading, whole(question))
    return as_sheet(sheets.HEAT_MAP, drawn.cells, "bedarf-je-mitglied")


@router.get("/demand/pareto")
async def draw_pareto(_: Planner, reading: Reading, question: Pareto) -> list[ParetoAnswer]:
    return await pictures.pareto(reading, question)


@router.get("/demand/pareto.csv", response_class=Response, dependencies=[EXPORTED])
async def export_pareto(_: Planner, reading: Reading, question: Pareto) -> Response:
    return as_sheet(sheets.PARETO, await pictures.pareto(reading, whole(question)), "bedarf-pareto")


@router.get("/demand/months")
async def draw_months(_: Planner, reading: Reading, question: OverTime) -> list[MonthAnswer]:
    return await pictures.months(reading, question)


@router.get("/demand/months.csv", response_class=Response, dependencies=[EXPORTED])
async def export_months(_: Planner, reading: Reading, question: OverTime) -> Response:
    return as_sheet(sheets.MONTHS, await pictures.months(reading, question), "bedarf-monate")


@router.get("/groups/{comparable_group:path}/prices")
async def draw_prices(
    comparable_group: Group, _: Planner, reading: Reading, question: Prices
) -> list[PriceAnswer]:
    return await pictures.prices(reading, comparable_group, question)


@router.get(
    "/groups/{comparable_group:path}/prices.csv", response_class=Response, dependencies=[EXPORTED]
)
async def export_prices(
    comparable_group: Group, _: Planner, reading: Reading, question: Prices
) -> Response:
    spreads = await pictures.prices(reading, comparable_group, question)
    return as_sheet(sheets.PRICES, spreads, "preise")
