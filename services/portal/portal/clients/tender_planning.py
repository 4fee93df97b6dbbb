"""Doors of tender-planning. All raise Refused and Unavailable."""

from marktbund.contracts.http.tender_planning import ProposalAnswer, TenderAnswer
from portal.clients.services import Caller, Question, Services

_PLANNING = "tender_planning"


async def proposals(
    services: Services, caller: Caller, status: str, limit: int, after: int = 0
) -> list[ProposalAnswer]:
    """Proposals of a status, the strongest first."""
    question: Question = {"status": status, "limit": limit, "after": after}
    return await services.read(caller, _PLANNING, "/proposals", list[ProposalAnswer], question)


async def tenders(
    services: Services, caller: Caller, status: str, limit: int, after: int = 0
) -> list[TenderAnswer]:
    """Tenders, newest first; an empty status means all."""
    question: Question = {"status": status, "limit": limit, "after": after}
    return await services.read(caller, _PLANNING, "/tenders", list[TenderAnswer], question)
