"""Tenders: what was put out, what came of it, and where its demand went since."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.charts import plots
from portal.charts.plots import Stack
from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.pages.views.visits import Visit
from portal.words.figures import month

PAGE = 50
_WAYS = ("free_net", "called_off_net", "elsewhere_net")


async def page_of_tenders(
    services: Services, caller: Caller, status: str, after: int
) -> dict[str, Any]:
    """A page of tenders, newest first; an empty status means all."""
    question: dict[str, Any] = {"limit": PAGE, "after": after}
    question |= {"status": status} if status else {}
    found = await services.ask(caller, "tender_planning", "/tenders", question)
    return {"tenders": found, "next_after": after + PAGE if len(found) == PAGE else None}


async def one(services: Services, caller: Caller, tender_id: UUID) -> dict[str, Any]:
    """A tender, and month by month where the demand for its articles went."""
    tender, moved = await asyncio.gather(
        services.ask(caller, "tender_planning", f"/tenders/{tender_id}"),
        services.ask(caller, "tender_planning", f"/tenders/{tender_id}/moved"),
    )
    stacks = [
        Stack(month(each["month"]), tuple(Decimal(each[way]) for way in _WAYS)) for each in moved
    ]
    return {"tender": tender, "moved": moved, "moved_plot": plots.stacked(stacks)}


def key_of(visit: Visit, tender: dict[str, Any]) -> str:
    """The key of a tender's result: one for each status of it."""
    return keys.key_of(visit.session.sub, tender["tender_id"], tender["status"])


async def moved_sheet(services: Services, caller: Caller, tender_id: UUID) -> bytes:
    """Where the demand went, as CSV."""
    path = f"/tenders/{tender_id}/moved.csv"
    return (await services.fetch(caller, "tender_planning", path)).content
