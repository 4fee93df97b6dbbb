"""The demand as plots, tables and sheets: tender-planning sums it up, the page draws it."""

import asyncio
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

import httpx

from portal.charts import demand as figures
from portal.charts import plots
from portal.charts.demand import DemandPart, Grid, Month
from portal.charts.plots import Bar, Spread, Stack
from portal.clients.services import Caller, Refused, Services
from portal.pages.forms.wanted import DemandQuestion
from portal.words import cpv
from portal.words.figures import month

Sheet = Literal["monate", "mitglieder", "pareto", "preise", "vorschlaege"]
_HEAT = {"members": 16, "classes": 10}
_WHOLE_HEAT = {"members": 400, "classes": 100}
_PARTS, _WHOLE_PARTS = 20, 500
_ARTICLES_TO_CHOOSE = 50
_PROPOSALS = 5


async def overview(services: Services, caller: Caller, wanted: DemandQuestion) -> dict[str, Any]:
    """Everything on the planning page."""

    async def asked(path: str, **question: Any) -> Any:
        return await services.ask(caller, "tender_planning", path, wanted.months | question)

    months, heat, parts, articles, proposals = await asyncio.gather(
        asked("/demand/months"),
        asked("/demand/heat-map", **_HEAT),
        asked("/demand/pareto", of=wanted.parts, limit=_PARTS),
        asked("/demand/pareto", of="articles", limit=_ARTICLES_TO_CHOOSE),
        services.ask(caller, "tender_planning", "/proposals", {"limit": _PROPOSALS}),
    )
    group = wanted.group or (articles[0]["key"] if articles else "")
    prices = await _prices(services, caller, group, wanted)
    over_time, shares, grid = _figures(months, parts, heat)
    names = {each["key"]: each["name"] or each["key"] for each in articles}
    return {
        "total": heat["total_net"],
        "months": over_time,
        "months_plot": plots.stacked(
            [Stack(month(each.month), (each.free, each.called_off)) for each in over_time]
        ),
        "grid": grid,
        "grid_shown": heat["shown_net"],
        "grid_plot": plots.heat_map(
            grid.members, [cpv.name(each) for each in grid.classes], grid.values
        ),
        "shares": shares,
        "shares_plot": plots.bars([Bar(each.label, each.value) for each in shares], curve=True),
        "articles": list((names if group in names else {group: group} | names).items()),
        "group": group,
        "group_name": names.get(group, group),
        "prices": prices,
        "prices_plot": plots.spreads([_spread(each) for each in prices]),
        "proposals": proposals,
    }


def _figures(months: Any, parts: Any, heat: Any) -> tuple[list[Month], list[DemandPart], Grid]:
    return figures.every_month(months), figures.shares(parts), figures.grid(heat)


async def _prices(
    services: Services, caller: Caller, group: str, wanted: DemandQuestion
) -> list[dict[str, Any]]:
    """Prices of all, then of each supplier; none for a group nobody paid a price for."""
    if not group:
        return []
    try:
        found: list[dict[str, Any]] = await services.ask(
            caller, "tender_planning", _prices_path(group), wanted.months
        )
    except Refused as refused:
        if refused.status == httpx.codes.NOT_FOUND:
            return []
        raise
    return found


def _spread(told: dict[str, Any]) -> Spread:
    names = ("lowest", "quartile_1", "median", "quartile_3", "highest")
    label = "Alle" if told["supplier_id"] is None else told["supplier_name"] or "Lieferant"
    return Spread(label, *(Decimal(told[name]) for name in names))


def _prices_path(group: str) -> str:
    return f"/groups/{quote(group, safe='')}/prices"


async def sheet(services: Services, caller: Caller, name: Sheet, wanted: DemandQuestion) -> bytes:
    """One of the page's tables as tender-planning writes it as CSV, uncut."""
    asked: dict[Sheet, tuple[str, dict[str, Any]]] = {
        "monate": ("/demand/months", wanted.months),
        "mitglieder": ("/demand/heat-map", wanted.months | _WHOLE_HEAT),
        "pareto": ("/demand/pareto", wanted.months | {"of": wanted.parts, "limit": _WHOLE_PARTS}),
        "preise": (_prices_path(wanted.group), wanted.months),
        "vorschlaege": ("/proposals", {"limit": _WHOLE_PARTS}),
    }
    path, question = asked[name]
    answer = await services.fetch(caller, "tender_planning", f"{path}.csv", question)
    return answer.content
