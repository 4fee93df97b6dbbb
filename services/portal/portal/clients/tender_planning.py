"""Doors of tender-planning. All raise Refused and Unavailable."""

from urllib.parse import quote
from uuid import UUID

from marktbund.contracts.http.tender_planning import (
    HeatMapAnswer,
    MonthAnswer,
    MovedAnswer,
    OrderLineAnswer,
    ParetoAnswer,
    PriceAnswer,
    ProposalAnswer,
    ProposalDetailAnswer,
    TenderAnswer,
)
from portal.clients.bodies import DecisionBody, ReasonBody, TenderResultBody
from portal.clients.services import Caller, Question, Services
from portal.domain.keys import at_door

_PLANNING = "tender_planning"


async def months(services: Services, caller: Caller, question: Question) -> list[MonthAnswer]:
    """The demand month by month."""
    return await services.read(caller, _PLANNING, "/demand/months", list[MonthAnswer], question)


async def heat_map(services: Services, caller: Caller, question: Question) -> HeatMapAnswer:
    """The demand by member and class."""
    return await services.read(caller, _PLANNING, "/demand/heat-map", HeatMapAnswer, question)


async def pareto(services: Services, caller: Caller, question: Question) -> list[ParetoAnswer]:
    """What the demand consists of, the largest part first."""
    return await services.read(caller, _PLANNING, "/demand/pareto", list[ParetoAnswer], question)


def prices_path(group: str) -> str:
    """Where the prices of a comparable group stand."""
    return f"/groups/{quote(group, safe='')}/prices"


async def prices(
    services: Services, caller: Caller, group: str, question: Question
) -> list[PriceAnswer]:
    """Prices of all suppliers, then of each."""
    path = prices_path(group)
    return await services.read(caller, _PLANNING, path, list[PriceAnswer], question)


async def sheet(services: Services, caller: Caller, path: str, question: Question) -> bytes:
    """A table as CSV. path: of the table."""
    return (await services.fetch(caller, _PLANNING, f"{path}.csv", question)).content


async def proposals(
    services: Services, caller: Caller, status: str, limit: int, after: int = 0
) -> list[ProposalAnswer]:
    """Proposals of a status, the strongest first; empty: those to decide on."""
    question: Question = {"status": status, "limit": limit, "after": after}
    return await services.read(caller, _PLANNING, "/proposals", list[ProposalAnswer], question)


async def proposal(services: Services, caller: Caller, proposal_id: UUID) -> ProposalDetailAnswer:
    """A proposal with its evidence."""
    path = f"/proposals/{proposal_id}"
    return await services.read(caller, _PLANNING, path, ProposalDetailAnswer)


async def lines_behind(
    services: Services, caller: Caller, proposal_id: UUID, question: Question
) -> list[OrderLineAnswer]:
    """Order lines behind a proposal."""
    path = f"/proposals/{proposal_id}/orders"
    return await services.read(caller, _PLANNING, path, list[OrderLineAnswer], question)


async def decide(
    services: Services, caller: Caller, proposal_id: UUID, body: DecisionBody, key: str
) -> ProposalDetailAnswer:
    """Accept or reject a proposal."""
    path = f"/proposals/{proposal_id}/decision"
    content, at = body.as_json(), at_door(key, path)
    kind = ProposalDetailAnswer
    return await services.change(caller, _PLANNING, path, kind, content, key=at)


async def tenders(
    services: Services, caller: Caller, status: str, limit: int, after: int = 0
) -> list[TenderAnswer]:
    """Tenders, newest first; an empty status means all."""
    question: Question = {"status": status, "limit": limit, "after": after}
    return await services.read(caller, _PLANNING, "/tenders", list[TenderAnswer], question)


async def tender(services: Services, caller: Caller, tender_id: UUID) -> TenderAnswer:
    """A tender."""
    return await services.read(caller, _PLANNING, f"/tenders/{tender_id}", TenderAnswer)


async def moved(services: Services, caller: Caller, tender_id: UUID) -> list[MovedAnswer]:
    """Month by month where the demand for a tender's articles went."""
    path = f"/tenders/{tender_id}/moved"
    return await services.read(caller, _PLANNING, path, list[MovedAnswer])


async def award(
    services: Services, caller: Caller, tender_id: UUID, body: TenderResultBody, key: str
) -> None:
    """Enter a tender's result."""
    path = f"/tenders/{tender_id}/award"
    await services.post(caller, _PLANNING, path, body.as_json(), key=at_door(key, path))


async def cancel(
    services: Services, caller: Caller, tender_id: UUID, body: ReasonBody, key: str
) -> None:
    """End a tender without a result."""
    path = f"/tenders/{tender_id}/cancellation"
    await services.post(caller, _PLANNING, path, body.as_json(), key=at_door(key, path))
