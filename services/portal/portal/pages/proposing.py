"""Proposed core assortments: look, open the orders behind them, accept or reject."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients import tender_planning
from portal.clients.bodies import DecisionBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.planning import Group, Planner, csv
from portal.pages.rendering import page_of, redirect
from portal.pages.views import proposals as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, of_cooperative

router = APIRouter()

Decider = Annotated[Visit, Depends(of_cooperative("procurement"))]
"""Decides on proposals and tenders."""
Status = Literal["proposed", "accepted", "rejected", "faded"]
Offset = Annotated[int, Query(ge=0, le=10_000)]
Line = Annotated[str, Query(max_length=60)]


@router.get("/planung/vorschlaege")
async def list_proposals(
    request: Request,
    visit: Planner,
    services: Ask,
    stand: Status = "proposed",
    ab: Offset = 0,
) -> Response:
    shown = await views.page_of_proposals(services, visit.plain_caller, stand, ab)
    return page_of(request, "proposals.html", visit, 200, shown, stand=stand)


@router.get("/planung/vorschlaege/{proposal_id}")
async def show_proposal(
    request: Request, proposal_id: UUID, visit: Planner, services: Ask
) -> Response:
    return await _proposal(request, visit, services, proposal_id, [], {})


@router.get("/planung/vorschlaege/{proposal_id}/bestellungen")
async def show_evidence(
    request: Request,
    proposal_id: UUID,
    visit: Planner,
    services: Ask,
    gruppe: Group = "",
    nach: Line = "",
) -> Response:
    shown = await views.evidence(services, visit.plain_caller, proposal_id, gruppe, nach)
    return page_of(request, "evidence.html", visit, 200, shown, group=gruppe)


@router.get("/planung/vorschlaege/{proposal_id}/bestellungen.csv")
async def export_evidence(
    request: Request, proposal_id: UUID, visit: Planner, services: Ask, gruppe: Group = ""
) -> Response:
    content = await views.evidence_sheet(services, visit.plain_caller, proposal_id, gruppe)
    return csv(request, content, "bestellpositionen")


@router.post("/planung/vorschlaege/{proposal_id}/entscheidung")
async def decide(
    request: Request, proposal_id: UUID, visit: Decider, form: Form, services: Ask
) -> Response:
    typed = {name: form.text(name) for name in ("decision", "reason")}
    body, caller = DecisionBody(**typed), visit.plain_caller
    try:
        decided = await tender_planning.decide(services, caller, proposal_id, body, form.key)
    except Refused as refused:
        errors = [refused.error({"decision", "reason"}, "reason")]
        return await _proposal(request, visit, services, proposal_id, errors, typed)
    if decided.tender_id:
        return redirect(request, f"/planung/ausschreibungen/{decided.tender_id}")
    return redirect(request, f"/planung/vorschlaege/{proposal_id}")


async def _proposal(
    request: Request,
    visit: Visit,
    services: Services,
    proposal_id: UUID,
    errors: list[Problem],
    typed: dict[str, str],
) -> Response:
    shown = await views.proposal_page(services, visit.plain_caller, proposal_id)
    facts = {"errors": errors, "typed": typed, "key": views.key_of(visit, shown.proposal)}
    return page_of(request, "proposal.html", visit, 422 if errors else 200, shown, **facts)
