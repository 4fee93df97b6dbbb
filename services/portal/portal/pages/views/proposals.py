"""Proposed core assortments: how strong and why, the orders behind them, what was decided."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.charts import plots
from portal.charts.plots import Bar, Stack
from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.pages.views.visits import Visit
from portal.words.figures import month

PAGE = 20
_LINES = 100


async def page_of_proposals(
    services: Services, caller: Caller, status: str, after: int
) -> dict[str, Any]:
    """A page of the proposals of a status, the strongest first, and what scores consist of."""
    question = {"status": status, "limit": PAGE, "after": after}
    found = await services.ask(caller, "tender_planning", "/proposals", question)
    stacks = [
        Stack(
            f"Nr. {each['rank']}",
            tuple(Decimal(criterion["points"]) for criterion in each["criteria"]),
        )
        for each in found
    ]
    return {
        "proposals": found,
        "scores_plot": plots.stacked(stacks),
        "next_after": after + PAGE if len(found) == PAGE else None,
    }


async def one(services: Services, caller: Caller, proposal_id: UUID) -> dict[str, Any]:
    """A proposal with its evidence."""
    found = await services.ask(caller, "tender_planning", f"/proposals/{proposal_id}")
    demand = [Bar(month(each["month"]), Decimal(each["demand_net"])) for each in found["by_month"]]
    return {"proposal": found, "months_plot": plots.bars(demand)}


def key_of(visit: Visit, proposal: dict[str, Any]) -> str:
    """The key of the decision: one for each status of the proposal."""
    return keys.key_of(visit.session.sub, proposal["proposal_id"], proposal["status"])


async def evidence(
    services: Services, caller: Caller, proposal_id: UUID, group: str, after: str
) -> dict[str, Any]:
    """A page of the order lines behind a proposal, of one comparable group where it is named."""
    question: dict[str, Any] = {"limit": _LINES}
    question |= {"group": group} if group else {}
    question |= {"after": after} if after else {}
    found = await services.ask(
        caller, "tender_planning", f"/proposals/{proposal_id}/orders", question
    )
    proposal = await services.ask(caller, "tender_planning", f"/proposals/{proposal_id}")
    return {
        "proposal": proposal,
        "lines": found,
        "next_after": found[-1]["line"] if len(found) == _LINES else None,
    }


async def evidence_sheet(
    services: Services, caller: Caller, proposal_id: UUID, group: str
) -> bytes:
    """All order lines behind a proposal as CSV."""
    question = {"group": group} if group else {}
    path = f"/proposals/{proposal_id}/orders.csv"
    return (await services.fetch(caller, "tender_planning", path, question)).content
