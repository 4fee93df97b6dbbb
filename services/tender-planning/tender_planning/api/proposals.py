"""Doors to proposed core assortments: look, open the orders behind them, decide."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from marktbund.contracts.http.tender_planning import (
    OrderLineAnswer,
    ProposalAnswer,
    ProposalDetailAnswer,
)
from marktbund.http import Reading, Uow
from tender_planning.api.roles import Planner, Reviewer
from tender_planning.api.sheets import EXPORTED, as_sheet, whole
from tender_planning.commands.decisions import DecideProposal
from tender_planning.commands.questions import Group, ListEvidence, ListProposals
from tender_planning.handlers import decisions
from tender_planning.views import proposals, sheets

router = APIRouter()


@router.get("/proposals")
async def list_proposals(
    _: Planner, reading: Reading, question: Annotated[ListProposals, Query()]
) -> list[ProposalAnswer]:
    return await proposals.proposals(reading, question)


@router.get("/proposals.csv", response_class=Response, dependencies=[EXPORTED])
async def export_proposals(
    _: Planner, reading: Reading, question: Annotated[ListProposals, Query()]
) -> Response:
    listed = await proposals.proposals(reading, whole(question))
    return as_sheet(sheets.PROPOSALS, listed, "kernsortimente")


@router.get("/proposals/{proposal_id}")
async def show_proposal(proposal_id: UUID, _: Planner, reading: Reading) -> ProposalDetailAnswer:
    return await proposals.proposal(reading, proposal_id)


@router.get("/proposals/{proposal_id}/orders")
async def list_evidence(
    proposal_id: UUID,
    _: Planner,
    reading: Reading,
    question: Annotated[ListEvidence, Query()],
) -> list[OrderLineAnswer]:
    return await proposals.evidence_lines(reading, proposal_id, question)


@router.get("/proposals/{proposal_id}/orders.csv", response_class=Response, dependencies=[EXPORTED])
async def export_evidence(
    proposal_id: UUID, _: Planner, reading: Reading, group: Group | None = None
) -> Response:
    lines = await proposals.all_evidence_lines(reading, proposal_id, group)
    return as_sheet(sheets.ORDER_LINES, lines, "bestellpositionen")


@router.post("/proposals/{proposal_id}/decision")
async def decide_proposal(
    proposal_id: UUID, command: DecideProposal, reviewer: Reviewer, uow: Uow
) -> ProposalDetailAnswer:
    await decisions.decide_proposal(proposal_id, command, reviewer.person_id, uow)
    return await proposals.proposal(uow.connection, proposal_id)


@router.post("/proposals/assessment")
async def assess_demand(_: Reviewer, uow: Uow) -> list[ProposalAnswer]:
    await decisions.propose_assortments(uow)
    return await proposals.proposals(uow.connection, ListProposals())
