"""Pages of a member's award office: offers to obtain, releases, orders handed over, results."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.clients.services import Refused, Services
from portal.pages.forms import offers
from portal.pages.forms.problems import Problem
from portal.pages.posted import Posted
from portal.pages.rendering import page, protected, redirect
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
    return page(request, "award_cases.html", visit, **shown)


@router.get("/vergabe/{order_id}")
async def show_award(
    request: Request, order_id: UUID, visit: AwardOffice, services: Ask
) -> Response:
    return await _case(request, visit, services, order_id, [], {})


@router.get("/vergabe/{order_id}/antrag")
async def export_request(
    request: Request, order_id: UUID, visit: AwardOffice, services: Ask
) -> Response:
    answer = await services.fetch(visit.caller, "orders", f"/orders/{order_id}/award-request")
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
    return await _told(request, visit, services, order_id, "offers", read, form)


@router.post("/vergabe/{order_id}/freigabe")
async def release(
    request: Request, order_id: UUID, visit: AwardOffice, form: Form, services: Ask
) -> Response:
    typed = _typed(form)
    body: dict[str, object] = {"code": typed.get("code", ""), "reason": typed.get("reason", "")}
    if not body["reason"]:
        problems = [Problem("reason", "Bitte begründen Sie die Freigabe; sie kommt zur Akte.")]
        return await _case(request, visit, services, order_id, problems, typed)
    return await _told(request, visit, services, order_id, "release", body, form)


@router.post("/vergabe/{order_id}/ergebnis")
async def record_award(
    request: Request, order_id: UUID, visit: AwardOffice, form: Form, services: Ask
) -> Response:
    typed = _typed(form)
    order = await services.ask(visit.caller, "orders", f"/orders/{order_id}")
    read = offers.read_award(typed, order["lines"])
    if isinstance(read, list):
        return await _case(request, visit, services, order_id, read, typed)
    path = f"/orders/{order_id}/award"
    try:
        made = await services.tell(visit.caller, "orders", path, read, key=form.key_at(path))
    except Refused as refused:
        field = offers.place_of_award(refused.field, typed, order["lines"])
        problems = [Problem(field, refused.sentence)]
        return await _case(request, visit, services, order_id, problems, typed, stays=True)
    return redirect(request, f"/bestellungen/{made['order_id']}?neu=1")


def _typed(form: Posted) -> dict[str, str]:
    return {name: form.line(name) for name in form.form}


async def _told(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    door: str,
    body: dict[str, object],
    form: Posted,
) -> Response:
    path = f"/orders/{order_id}/{door}"
    try:
        await services.tell(visit.caller, "orders", path, body, key=form.key_at(path))
    except Refused as refused:
        typed = _typed(form)
        field = refused.field if refused.field in {"code", "reason"} else "reason"
        if door == "offers":
            field = offers.place_of_offer(refused.field, typed)
        return await _refused(request, visit, services, order_id, field, refused, typed)
    return redirect(request, f"/vergabe/{order_id}")


async def _refused(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    field: str,
    refused: Refused,
    typed: dict[str, str],
) -> Response:
    problems = [Problem(field, refused.sentence)]
    return await _case(request, visit, services, order_id, problems, typed)


async def _case(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    problems: list[Problem],
    typed: dict[str, str],
    *,
    stays: bool = False,
) -> Response:
    """stays: orders refused a result; the case is still here, and the page says how to go on."""
    shown = await views.case(services, visit, order_id)
    errors = [{"field": each.field, "text": each.text} for each in problems]
    facts = {
        "errors": errors,
        "typed": typed,
        "stays": stays,
        "key": views.key_of(visit, shown["order"]),
        "rows": range(1, offers.ROWS + 1),
    }
    return page(request, "award_case.html", visit, 422 if errors else 200, **facts, **shown)
