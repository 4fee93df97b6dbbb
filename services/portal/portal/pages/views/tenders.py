"""Tenders: what was put out, what came of it, and where its demand went since."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from marktbund.contracts.http.tender_planning import MovedAnswer, TenderAnswer
from portal.charts import plots
from portal.charts.plots import Stack
from portal.clients import tender_planning
from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.pages.views.visits import Visit
from portal.words.figures import month

PAGE = 50


@dataclass(frozen=True, slots=True)
class TendersPage:
    """A page of tenders; next_after: None on the last."""

    tenders: list[TenderAnswer]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class TenderPage:
    """A tender, and month by month where the demand for its articles went."""

    tender: TenderAnswer
    moved: list[MovedAnswer]
    moved_plot: Markup


async def page_of_tenders(
    services: Services, caller: Caller, status: str, after: int
) -> TendersPage:
    """A page of tenders, newest first; an empty status means all."""
    shown = await tender_planning.tenders(services, caller, status, PAGE, after)
    return TendersPage(shown, after + PAGE if len(shown) == PAGE else None)


async def tender_page(services: Services, caller: Caller, tender_id: UUID) -> TenderPage:
    """A tender."""
    tender, moved = await asyncio.gather(
        tender_planning.tender(services, caller, tender_id),
        tender_planning.moved(services, caller, tender_id),
    )
    stacks = [
        Stack(month(part.month), (part.free_net, part.called_off_net, part.elsewhere_net))
        for part in moved
    ]
    return TenderPage(tender, moved, plots.stacked(stacks))


def key_of(visit: Visit, tender: TenderAnswer) -> str:
    """The key of a tender's result: one for each status of it."""
    return keys.key_of(visit.session.sub, str(tender.tender_id), tender.status)


async def moved_sheet(services: Services, caller: Caller, tender_id: UUID) -> bytes:
    """Where the demand went, as CSV."""
    return await tender_planning.sheet(services, caller, f"/tenders/{tender_id}/moved", {})
