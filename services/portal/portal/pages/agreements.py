"""Framework agreements: read, confirm, change with two people, end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from marktbund.http import business_today
from portal.clients import agreements
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import changes
from portal.pages.forms.changes import Kind
from portal.pages.posted import Posted
from portal.pages.rendering import page_of, redirect
from portal.pages.views import agreements as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, known_parties, of_cooperative, with_role

router = APIRouter()

Reader = Annotated[Visit, Depends(with_role(*views.INFORMED | views.ENTITLED))]
Office = Annotated[Visit, Depends(of_cooperative("office"))]
Errors = list[Problem]


@router.get("/vereinbarungen")
async def list_agreements(
    request: Request, visit: Reader, services: Ask, nach: UUID | None = None
) -> Response:
    shown = await views.lists(services, visit, nach)
    return page_of(request, "agreements.html", visit, 200, shown)


@router.get("/vereinbarungen/{agreement_id}")
async def show_agreement(
    request: Request, agreement_id: UUID, visit: Reader, services: Ask
) -> Response:
    return await _agreement(request, visit, services, agreement_id, [])


@router.post("/vereinbarungen/{agreement_id}/bestaetigung")
async def confirm(
    request: Request, agreement_id: UUID, visit: Office, form: Form, services: Ask
) -> Response:
    return await _decide(request, visit, services, agreement_id, "confirmation", form)


@router.post("/vereinbarungen/{agreement_id}/ende")
async def end(
    request: Request, agreement_id: UUID, visit: Office, form: Form, services: Ask
) -> Response:
    return await _decide(request, visit, services, agreement_id, "end", form)


@router.post("/vereinbarungen/{agreement_id}/aenderungen/{change_no}/genehmigung")
async def approve(
    request: Request,
    agreement_id: UUID,
    change_no: int,
    visit: Office,
    form: Form,
    services: Ask,
) -> Response:
    step = f"changes/{change_no}/approval"
    return await _decide(request, visit, services, agreement_id, step, form)


@router.get("/vereinbarungen/{agreement_id}/aenderung/{kind}")
async def show_change_form(
    request: Request, agreement_id: UUID, kind: Kind, visit: Office, services: Ask
) -> Response:
    return await _change_form(request, visit, services, agreement_id, kind, [], {})


@router.post("/vereinbarungen/{agreement_id}/aenderung/{kind}")
async def propose(
    request: Request, agreement_id: UUID, kind: Kind, visit: Office, form: Form, services: Ask
) -> Response:
    typed = form.typed()
    read = changes.read(kind, typed)
    if isinstance(read, list):
        errors = read
        return await _change_form(request, visit, services, agreement_id, kind, errors, typed)
    try:
        await agreements.propose(services, visit.plain_caller, agreement_id, read, form.key)
    except Refused as refused:
        field = changes.place_of(refused.field, typed)
        errors = [Problem(field, refused.sentence)]
        return await _change_form(request, visit, services, agreement_id, kind, errors, typed)
    return redirect(request, f"/vereinbarungen/{agreement_id}")


async def _decide(
    request: Request,
    visit: Visit,
    services: Services,
    agreement_id: UUID,
    step: str,
    form: Posted,
) -> Response:
    try:
        await agreements.decide(services, visit.plain_caller, agreement_id, step, form.key)
    except Refused as refused:
        errors = [refused.error((), "stand")]
        return await _agreement(request, visit, services, agreement_id, errors)
    return redirect(request, f"/vereinbarungen/{agreement_id}")


async def _agreement(
    request: Request, visit: Visit, services: Services, agreement_id: UUID, errors: Errors
) -> Response:
    everybody = await known_parties(request)
    shown = await views.agreement_page(services, visit, agreement_id, everybody)
    key = views.key_of(visit, shown.agreement)
    facts = {"errors": errors, "key": key, "titles": changes.TITLES}
    return page_of(request, "agreement.html", visit, 422 if errors else 200, shown, **facts)


async def _change_form(
    request: Request,
    visit: Visit,
    services: Services,
    agreement_id: UUID,
    kind: Kind,
    errors: Errors,
    typed: dict[str, str],
) -> Response:
    everybody = await known_parties(request)
    shown = await views.agreement_page(services, visit, agreement_id, everybody)
    facts = {
        "errors": errors,
        "typed": typed,
        "kind": kind,
        "title": changes.TITLES[kind],
        "today": (await business_today(request)).isoformat(),
        "key": views.key_of(visit, shown.agreement, kind),
    }
    status = 422 if errors else 200
    return page_of(request, "agreement_change.html", visit, status, shown, **facts)
