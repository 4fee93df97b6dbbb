"""The demand as plots, tables and sheets: tender-planning sums it up, the page draws it."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import httpx
from markupsafe import Markup

from marktbund.contracts.http.tender_planning import PriceAnswer, ProposalAnswer
from portal.charts import demand as figures
from portal.charts import plots
from portal.charts.demand import DemandPart, Grid, Month
from portal.charts.plots import Bar, Spread, Stack
from portal.clients import tender_planning
from portal.clients.services import Caller, Question, Refused, Services
from portal.pages.forms.wanted import DemandQuestion
from portal.words import cpv
from portal.words.figures import month

Sheet = Literal["monate", "mitglieder", "pareto", "preise", "vorschlaege"]
_HEAT = {"members": 16, "classes": 10}
_WHOLE_HEAT = {"members": 400, "classes": 100}
_PARTS, _WHOLE_PARTS = 20, 500
_ARTICLES_TO_CHOOSE = 50
_PROPOSALS = 5


@dataclass(frozen=True, slots=True)
class DemandPage:
    """Everything on the planning page. total, grid_shown: net EUR; articles: whose prices can be
    chosen, value and name; group: whose are shown.
    """

    total: Decimal
    months: list[Month]
    months_plot: Markup
    grid: Grid
    grid_shown: Decimal
    grid_plot: Markup
    shares: list[DemandPart]
    shares_plot: Markup
    articles: list[tuple[str, str]]
    group: str
    group_name: str
    prices: list[PriceAnswer]
    prices_plot: Markup
    proposals: list[ProposalAnswer]


async def overview(services: Services, caller: Caller, wanted: DemandQuestion) -> DemandPage:
    """The planning page."""
    of_parts = {**wanted.months, "of": wanted.parts, "limit": str(_PARTS)}
    of_articles = {**wanted.months, "of": "articles", "limit": str(_ARTICLES_TO_CHOOSE)}
    months, heat, parts, articles, proposals = await asyncio.gather(
        tender_planning.months(services, caller, wanted.months),
        tender_planning.heat_map(services, caller, {**wanted.months, **_HEAT}),
        tender_planning.pareto(services, caller, of_parts),
        tender_planning.pareto(services, caller, of_articles),
        tender_planning.proposals(services, caller, "", _PROPOSALS),
    )
    group = wanted.group or (articles[0].key if articles else "")
    prices = await _prices(services, caller, group, wanted)
    over_time, shares, grid = figures.every_month(months), figures.shares(parts), figures.grid(heat)
    names = {article.key: article.name or article.key for article in articles}
    stacks = [Stack(month(shown.month), (shown.free, shown.called_off)) for shown in over_time]
    classes = [cpv.name(code) for code in grid.classes]
    return DemandPage(
        total=heat.total_net,
        months=over_time,
        months_plot=plots.stacked(stacks),
        grid=grid,
        grid_shown=heat.shown_net,
        grid_plot=plots.heat_map(grid.members, classes, grid.values),
        shares=shares,
        shares_plot=plots.bars([Bar(share.label, share.value) for share in shares], curve=True),
        articles=list((names if group in names else {group: group} | names).items()),
        group=group,
        group_name=names.get(group, group),
        prices=prices,
        prices_plot=plots.spreads([_spread(price) for price in prices]),
        proposals=proposals,
    )


async def _prices(
    services: Services, caller: Caller, group: str, wanted: DemandQuestion
) -> list[PriceAnswer]:
    """Prices of all, then of each supplier; none for a group nobody paid a price for."""
    if not group:
        return []
    try:
        return await tender_planning.prices(services, caller, group, wanted.months)
    except Refused as refused:
        if refused.status == httpx.codes.NOT_FOUND:
            return []
        raise


def _spread(price: PriceAnswer) -> Spread:
    label = "Alle" if price.supplier_id is None else price.supplier_name or "Lieferant"
    middle = price.quartile_1, price.median, price.quartile_3
    return Spread(label, price.lowest, *middle, price.highest)


async def sheet(services: Services, caller: Caller, name: Sheet, wanted: DemandQuestion) -> bytes:
    """A table of the page as tender-planning writes it as CSV, uncut."""
    whole_parts = {**wanted.months, "of": wanted.parts, "limit": str(_WHOLE_PARTS)}
    asked: dict[Sheet, tuple[str, Question]] = {
        "monate": ("/demand/months", wanted.months),
        "mitglieder": ("/demand/heat-map", {**wanted.months, **_WHOLE_HEAT}),
        "pareto": ("/demand/pareto", whole_parts),
        "preise": (tender_planning.prices_path(wanted.group), wanted.months),
        "vorschlaege": ("/proposals", {"limit": _WHOLE_PARTS}),
    }
    path, question = asked[name]
    return await tender_planning.sheet(services, caller, path, question)
