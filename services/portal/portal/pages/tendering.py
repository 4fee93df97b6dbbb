"""Tenders: look, enter the result by hand, end without one."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marktbund.http import business_today
from portal.clients import tender_planning
from portal.clients.bodies import ReasonBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import awards
from portal.pages.planning import Planner, csv
from portal.pages.proposing import Decider, Offset
from portal.pages.rendering import page, page_of, redirect
from portal.pages.views import tenders as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, known_parties

router = APIRouter()

Errors = list[Problem]
Status = Literal["", "open", "awarded", "cancelled"]


@router.get("/planung/ausschreibungen")
async def list_tenders(
    request: Request, visit: Planner, services: Ask, stand: Status = "", ab: Offset = 0
) -> Response:
    shown = await views.page_of_tenders(services, visit.plain_caller, stand, ab)
    return page_of(request, "tenders.html", visit, 200, shown, stand=stand)


@router.get("/planung/ausschreibungen/{tender_id}")
async def show_tender(request: Request, tender_id: UUID, visit: Planner, services: Ask) -> Response:
    return await _tender(request, visit, services, tender_id, [])


@router.get("/planung/ausschreibungen/{tender_id}/verlagerung.csv")
async def export_moved(
    request: Request, tender_id: UUID, visit: Planner, services: Ask
) -> Response:
    content = await views.moved_sheet(services, visit.plain_caller, tender_id)
    return csv(request, content, "bedarf-seit-vergabe")


@router.get("/planung/ausschreibungen/{tender_id}/zuschlag")
async def show_award_form(
    request: Request, tender_id: UUID, visit: Decider, services: Ask
) -> Response:
    return await _award_form(request, visit, services, tender_id, [], {})


@router.post("/planung/ausschreibungen/{tender_id}/zuschlag")
async def enter_award(
    request: Request, tender_id: UUID, visit: Decider, form: Form, services: Ask
) -> Response:
    typed = form.typed(60)
    caller = visit.plain_caller
    tender = await tender_planning.tender(services, caller, tender_id)
    read = awards.read(typed, tender.lots)
    if isinstance(read, list):
        return await _award_form(request, visit, services, tender_id, read, typed)
    try:
        await tender_planning.award(services, caller, tender_id, read, form.key)
    except Refused as refused:
        field = awards.place_of(refused.field, read, typed)
        errors = [Problem(field, refused.sentence)]
        return await _award_form(request, visit, services, tender_id, errors, typed)
    return redirect(request, f"/planung/ausschreibungen/{tender_id}")


@router.post("/planung/ausschreibungen/{tender_id}/aufhebung")
async def cancel_tender(
    request: Request, tender_id: UUID, visit: Decider, form: Form, services: Ask
) -> Response:
    body, caller = ReasonBody(reason=form.text("reason")), visit.plain_caller
    try:
        await tender_planning.cancel(services, caller, tender_id, body, form.key)
    except Refused as refused:
        errors = [refused.error({"reason"}, "reason")]
        return await _tender(request, visit, services, tender_id, errors, body.reason)
    return redirect(request, f"/planung/ausschreibungen/{tender_id}")


async def _tender(
    request: Request,
    visit: Visit,
    services: Services,
    tender_id: UUID,
    errors: Errors,
    reason: str = "",
) -> Response:
    shown = await views.tender_page(services, visit.plain_caller, tender_id)
    facts = {
        "errors": errors,
        "reason": reason,
        "key": views.key_of(visit, shown.tender),
        "parties": await known_parties(request),
    }
    return page_of(request, "tender.html", visit, 422 if errors else 200, shown, **facts)


async def _award_form(
    request: Request,
    visit: Visit,
    services: Services,
    tender_id: UUID,
    errors: Errors,
    typed: dict[str, str],
) -> Response:
    tender = await tender_planning.tender(services, visit.plain_caller, tender_id)
    members = [str(member_id) for member_id in tender.members]
    everybody = await known_parties(request)
    facts = {
        "errors": errors,
        "typed": typed,
        "tender": tender,
        "parties": everybody,
        "members": members,
        "ticked": set(awards.entitled(typed)) if typed else set(members),
        "today": (await business_today(request)).isoformat(),
        "key": views.key_of(visit, tender),
    }
    return page(request, "award.html", visit, 422 if errors else 200, **facts)
