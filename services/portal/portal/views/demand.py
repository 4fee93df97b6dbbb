"""The demand cube as plots, tables and sheets."""

import asyncio
from decimal import Decimal
from typing import Any, Literal

from portal.domain import charts
from portal.domain import demand as figures
from portal.domain.charts import Bar
from portal.gateways.services import Caller, Services

_PAGE = 500
_MOST_PAGES = 40


async def overview(services: Services, caller: Caller) -> dict[str, Any]:
    """Everything on the planning page."""
    cells, strongest = await asyncio.gather(
        _cells(services, caller),
        services.ask(caller, "tender_planning", "/strongest/articles", {"limit": 10}),
    )
    months, classes = figures.by_month(cells), figures.by_class(cells)
    grid = figures.by_member_and_class(cells)
    return {
        "months": months,
        "classes": classes,
        "grid": grid,
        "strongest": strongest,
        "total": sum((cell["demand"] for cell in cells), Decimal(0)),
        "months_plot": charts.bars([Bar(each.label, each.value) for each in months]),
        "classes_plot": charts.bars([Bar(each.label, each.value) for each in classes], curve=True),
        "grid_plot": charts.heat_map(grid.members, grid.classes, grid.values),
    }


async def sheet(
    services: Services, caller: Caller, name: Literal["monate", "klassen", "mitglieder"]
) -> bytes:
    """One of the page's tables as CSV."""
    cells = await _cells(services, caller)
    if name == "mitglieder":
        grid = figures.by_member_and_class(cells)
        rows: list[tuple[str | Decimal, ...]] = [
            (member, *values) for member, values in zip(grid.members, grid.values, strict=True)
        ]
        return figures.csv(("Mitglied", *grid.classes), rows)
    shares = figures.by_month(cells) if name == "monate" else figures.by_class(cells)
    header = ("Monat" if name == "monate" else "Klasse", "Bedarf netto EUR", "Anteil %")
    return figures.csv(header, [(each.label, each.value, each.part) for each in shares])


async def _cells(services: Services, caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(_MOST_PAGES):
        question = {"limit": _PAGE} if after is None else {"limit": _PAGE, "after": after}
        page = await services.ask(caller, "tender_planning", "/demand", question)
        found += [
            {
                "cpv_class": cell["cpv_class"],
                "member": cell["member_name"] or "Mitglied",
                "month": cell["month"],
                "demand": Decimal(cell["demand_net"]),
            }
            for cell in page
        ]
        if len(page) < _PAGE:
            break
        after = page[-1]["cell"]
    return found
