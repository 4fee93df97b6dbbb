"""Proposed core assortments: how strong and why, the orders behind them, what was decided."""

from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from marktbund.contracts.http.tender_planning import (
    OrderLineAnswer,
    ProposalAnswer,
    ProposalDetailAnswer,
)
from portal.charts import plots
from portal.charts.plots import Bar, Stack
from portal.clients import tender_planning
from portal.clients.services import Caller, Services
from portal.domain import keys
from portal.pages.views.visits import Visit
from portal.words.figures import month

PAGE = 20
_LINES = 100


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """A page of proposals, and what their scores consist of; next_after: None on the last."""

    proposals: list[ProposalAnswer]
    scores_plot: Markup
    next_after: int | None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal with its evidence."""

    proposal: ProposalDetailAnswer
    months_plot: Markup


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A page of the order lines behind a proposal; next_after: None on the last."""

    proposal: ProposalDetailAnswer
    lines: list[OrderLineAnswer]
    next_after: str | None


async def page_of_proposals(
    services: Services, caller: Caller, status: str, after: int
) -> ProposalsPage:
    """A page of the proposals of a status, the strongest first."""
    shown = await tender_planning.proposals(services, caller, status, PAGE, after)
    stacks = [
        Stack(f"Nr. {proposal.rank}", tuple(criterion.points for criterion in proposal.criteria))
        for proposal in shown
    ]
    return ProposalsPage(shown, plots.stacked(stacks), after + PAGE if len(shown) == PAGE else None)


async def proposal_page(services: Services, caller: Caller, proposal_id: UUID) -> ProposalPage:
    """A proposal."""
    proposal = await tender_planning.proposal(services, caller, proposal_id)
    demand = [Bar(month(part.month), part.demand_net) for part in proposal.by_month]
    return ProposalPage(proposal, plots.bars(demand))


def key_of(visit: Visit, proposal: ProposalDetailAnswer) -> str:
    """The key of the decision: one for each status of the proposal."""
    return keys.key_of(visit.session.sub, str(proposal.proposal_id), proposal.status)


async def evidence(
    services: Services, caller: Caller, proposal_id: UUID, group: str, after: str
) -> EvidencePage:
    """A page of the order lines behind a proposal, of one comparable group where it is named."""
    question = {"limit": str(_LINES), "group": group, "after": after}
    lines = await tender_planning.lines_behind(services, caller, proposal_id, question)
    proposal = await tender_planning.proposal(services, caller, proposal_id)
    return EvidencePage(proposal, lines, lines[-1].line if len(lines) == _LINES else None)


async def evidence_sheet(
    services: Services, caller: Caller, proposal_id: UUID, group: str
) -> bytes:
    """All order lines behind a proposal as CSV."""
    path = f"/proposals/{proposal_id}/orders"
    return await tender_planning.sheet(services, caller, path, {"group": group})
