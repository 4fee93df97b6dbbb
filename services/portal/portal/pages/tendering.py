"""Tenders: look, enter the result by hand, end without one."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marktbund.http import business_today
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import awards
from portal.pages.planning import Planner, csv
from portal.pages.proposing import Decider, Offset
from portal.pages.rendering import page, redirect
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
    return page(request, "tenders.html", visit, stand=stand, **shown)


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
    tender = await services.ask(visit.plain_caller, "tender_planning", f"/tenders/{tender_id}")
    path = f"/tenders/{tender_id}/award"
    read = awards.read(typed, tender["lots"])
    if isinstance(read, list):
        errors = read
        return await _award_form(request, visit, services, tender_id, errors, typed)
    try:
        await services.tell(
            visit.plain_caller, "tender_planning", path, read, key=form.key_at(path)
        )
    except Refused as refused:
        place = awards.place_of(refused.field, read, typed)
        errors = [Problem(place, refused.sentence)]
        return await _award_form(request, visit, services, tender_id, errors, typed)
    return redirect(request, f"/planung/ausschreibungen/{tender_id}")


@router.post("/planung/ausschreibungen/{tender_id}/aufhebung")
async def cancel_tender(
    request: Request, tender_id: UUID, visit: Decider, form: Form, services: Ask
) -> Response:
    path, body = f"/tenders/{tender_id}/cancellation", {"reason": form.text("reason")}
    try:
        await services.tell(
            visit.plain_caller, "tender_planning", path, body, key=form.key_at(path)
        )
    except Refused as refused:
        errors = [refused.error({"reason"}, "reason")]
        return await _tender(request, visit, services, tender_id, errors, body["reason"])
    return redirect(request, f"/planung/ausschreibungen/{tender_id}")


async def _tender(
    request: Request,
    visit: Visit,
    services: Services,
    tender_id: UUID,
    errors: Errors,
    reason: str = "",
) -> Response:
    shown = await views.one(services, visit.plain_caller, tender_id)
    facts = {
        "errors": errors,
        "reason": reason,
        "key": views.key_of(visit, shown["tender"]),
        **shown,
    }
    facts["parties"] = await known_parties(request)
    return page(request, "tender.html", visit, 422 if errors else 200, **facts)


async def _award_form(
    request: Request,
    visit: Visit,
    services: Services,
    tender_id: UUID,
    errors: Errors,
    typed: dict[str, str],
) -> Response:
    tender = await services.ask(visit.plain_caller, "tender_planning", f"/tenders/{tender_id}")
    everybody = await known_parties(request)
    facts = {
        "errors": errors,
        "typed": typed,
        "tender": tender,
        "parties": everybody,
        "ticked": set(awards.entitled(typed)) if typed else set(tender["members"]),
        "today": (await business_today(request)).isoformat(),
        "key": views.key_of(visit, tender),
    }
    return page(request, "award.html", visit, 422 if errors else 200, **facts)
