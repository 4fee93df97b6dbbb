"""The first page: what waits for this person today."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marktbund.errors import Invalid
from marktbund.http import Uow
from portal.pages.rendering import page, redirect
from portal.pages.views import start
from portal.pages.visitors import Ask, Form, Guest, Visitor
from portal.store import kept_forms, sessions

router = APIRouter()


@router.get("/")
async def welcome(request: Request, guest: Guest, services: Ask) -> Response:
    if guest is None:
        return page(request, "welcome.html")
    work = await start.work_lists(services, guest)
    return page(request, "start.html", guest, work=work)


@router.post("/mitglied")
async def choose_member(request: Request, visit: Visitor, form: Form, uow: Uow) -> Response:
    chosen = {str(member_id): member_id for member_id in visit.members}.get(form.text("member"))
    if chosen is None:
        raise Invalid("member_unknown", "Für dieses Mitglied handeln Sie nicht")
    await sessions.choose_member(uow, visit.session.key, chosen)
    await kept_forms.acts_for(uow, visit.session.csrf, chosen)
    return redirect(request, "/")
