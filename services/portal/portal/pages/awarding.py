"""Pages of a member's award office: offers to obtain, releases, orders handed over, results."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.clients import orders
from portal.clients.bodies import ReleaseBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import offers
from portal.pages.forms.details import Typed
from portal.pages.posted import Posted
from portal.pages.rendering import page_of, protected, redirect
from portal.pages.views import deciding as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

AwardOffice = Annotated[Visit, Depends(with_role("award_office"))]


@router.get("/vergabe")
async def list_awards(
    request: Request, visit: AwardOffice, services: Ask, nach: UUID | None = None
) -> Response:
    shown = await views.awards(services, visit.caller, nach)
    return page_of(request, "award_cases.html", visit, 200, shown)


@router.get("/vergabe/{order_id}")
async def show_award(
    request: Request, order_id: UUID, visit: AwardOffice, services: Ask
) -> Response:
    return await _case(request, visit, services, order_id, [], {})


@router.get("/vergabe/{order_id}/antrag")
async def export_request(
    request: Request, order_id: UUID, visit: AwardOffice, services: Ask
) -> Response:
    answer = await orders.award_request(services, visit.caller, order_id)
    disposition = f'attachment; filename="vergabeantrag-{order_id}.json"'
    headers = {**protected(request), "Content-Disposition": disposition}
    return Response(answer.content, media_type="application/json", headers=headers)


@router.post("/vergabe/{order_id}/angebote")
async def record_offers(
    request: Request, order_id: UUID, visit: AwardOffice, form: Form, services: Ask
) -> Response:
    typed = _typed(form)
    read = offers.read_offers(typed)
    if isinstance(read, list):
        return await _case(request, visit, services, order_id, read, typed)
    try:
        await orders.record_offers(services, visit.caller, order_id, read, form.key)
    except Refused as refused:
        problems = [Problem(offers.place_of_offer(refused.field, typed), refused.sentence)]
        return await _case(request, visit, services, order_id, problems, typed)
    return redirect(request, f"/vergabe/{order_id}")


@router.post("/vergabe/{order_id}/freigabe")
async def release(
    request: Request, order_id: UUID, visit: AwardOffice, form: Form, services: Ask
) -> Response:
    typed = _typed(form)
    body = ReleaseBody(code=typed.get("code", ""), reason=typed.get("reason", ""))
    if not body.reason:
        problems = [Problem("reason", "Bitte begründen Sie die Freigabe; sie kommt zur Akte.")]
        return await _case(request, visit, services, order_id, problems, typed)
    try:
        await orders.release(services, visit.caller, order_id, body, form.key)
    except Refused as refused:
        problems = [refused.error(("code", "reason"), "reason")]
        return await _case(request, visit, services, order_id, problems, typed)
    return redirect(request, f"/vergabe/{order_id}")


@router.post("/vergabe/{order_id}/ergebnis")
async def record_award(
    request: Request, order_id: UUID, visit: AwardOffice, form: Form, services: Ask
) -> Response:
    typed = _typed(form)
    order = await orders.order(services, visit.caller, order_id)
    read = offers.read_award(typed, order.lines)
    if isinstance(read, list):
        return await _case(request, visit, services, order_id, read, typed)
    try:
        made = await orders.award(services, visit.caller, order_id, read, form.key)
    except Refused as refused:
        field = offers.place_of_award(refused.field, typed, order.lines)
        problems = [Problem(field, refused.sentence)]
        return await _case(request, visit, services, order_id, problems, typed, stays=True)
    return redirect(request, f"/bestellungen/{made.order_id}?neu=1")


def _typed(form: Posted) -> Typed:
    return {name: form.line(name) for name in form.form}


async def _case(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    problems: list[Problem],
    typed: Typed,
    *,
    stays: bool = False,
) -> Response:
    """stays: orders refused a result; the case is still here, and the page says how to go on."""
    shown = await views.case(services, visit, order_id)
    facts = {
        "errors": problems,
        "typed": typed,
        "stays": stays,
        "key": views.key_of(visit, shown.order),
        "rows": range(1, offers.ROWS + 1),
    }
    return page_of(request, "award_case.html", visit, 422 if problems else 200, shown, **facts)
