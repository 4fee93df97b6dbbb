"""The page of people and roles: what waits for a second person is confirmed or refused; a member's
administration adds people of its member, and gives and takes their roles.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients import members
from portal.clients.bodies import CommentBody, GrantBody, RevocationBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import colleagues
from portal.pages.rendering import page_of, redirect
from portal.pages.views import granting as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

PATH = "/rollen"
Granter = Annotated[Visit, Depends(with_role("office", "member_admin"))]
Administration = Annotated[Visit, Depends(with_role("member_admin"))]
Errors = list[Problem]
_STEPS = {"confirm": "confirmation", "refuse": "refusal"}


@router.get(PATH)
async def list_requests(
    request: Request,
    visit: Granter,
    services: Ask,
    nach: UUID | None = None,
    neu: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    return await _list(request, visit, services, nach, added=bool(neu))


@router.get(PATH + "/person")
async def show_form(request: Request, visit: Administration, services: Ask) -> Response:
    return await _form(request, visit, services, [], {})


@router.post(PATH + "/person")
async def add_person(
    request: Request, visit: Administration, form: Form, services: Ask
) -> Response:
    typed = form.typed()
    read = colleagues.read(typed)
    if isinstance(read, list):
        return await _form(request, visit, services, read, typed)
    caller, member_id = visit.plain_caller, visit.member_id
    try:
        await members.add_person(services, caller, member_id, read, form.key)
    except Refused as refused:
        return await _form(request, visit, services, [refused.error({"email"}, "roles")], typed)
    return redirect(request, f"{PATH}?neu=1")


@router.post(PATH + "/{request_id}/entscheidung")
async def decide(
    request: Request, request_id: UUID, visit: Granter, form: Form, services: Ask
) -> Response:
    field = f"comment-{request_id}"
    comment = form.line(field)
    step = _STEPS.get(form.text("verdict", 20), "refusal")
    body, caller = CommentBody(comment=comment), visit.plain_caller
    try:
        await members.decide(services, caller, request_id, step, body, form.key)
    except Refused as refused:
        errors = [refused.error((), field)]
        return await _list(request, visit, services, errors=errors, typed={field: comment})
    return redirect(request, PATH)


@router.post(PATH + "/antrag")
async def ask(request: Request, visit: Granter, form: Form, services: Ask) -> Response:
    typed = {"person_id": form.text("person_id"), "role": form.text("role")}
    body = GrantBody(**typed, member_id=str(visit.member_id))
    try:
        await members.grant(services, visit.plain_caller, body, form.key)
    except Refused as refused:
        errors = [refused.error((), "person_id")]
        return await _list(request, visit, services, errors=errors, typed=typed)
    return redirect(request, PATH)


@router.post(PATH + "/{person_id}/entzug")
async def revoke(
    request: Request, person_id: UUID, visit: Granter, form: Form, services: Ask
) -> Response:
    body = RevocationBody(role=form.text("role"), member_id=str(visit.member_id))
    try:
        await members.revoke(services, visit.plain_caller, person_id, body, form.key)
    except Refused as refused:
        return await _list(request, visit, services, errors=[refused.error((), "people")])
    return redirect(request, PATH)


async def _list(
    request: Request,
    visit: Visit,
    services: Services,
    after: UUID | None = None,
    *,
    errors: Errors | None = None,
    typed: dict[str, str] | None = None,
    added: bool = False,
) -> Response:
    shown = await views.page_of(services, visit, after)
    facts = {"errors": errors or [], "typed": typed or {}, "added": added}
    return page_of(request, "granting.html", visit, 422 if errors else 200, shown, **facts)


async def _form(
    request: Request, visit: Visit, services: Services, errors: Errors, typed: dict[str, str]
) -> Response:
    facts = {"errors": errors, "typed": typed, "ticked": colleagues.ticked(typed)}
    shown = await views.form(services, visit)
    return page_of(request, "colleague.html", visit, 422 if errors else 200, shown, **facts)
