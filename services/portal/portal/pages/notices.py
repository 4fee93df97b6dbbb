"""The page where people choose which mails they get."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from marktbund.contracts.words import NOTICE, ROLE_WORDS
from portal.clients import members
from portal.clients.bodies import NoticesBody
from portal.clients.services import Refused, Services
from portal.pages.rendering import page, redirect
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

PATH = "/benachrichtigungen"
Person = Annotated[
    Visit,
    Depends(with_role(*ROLE_WORDS)),
]


@router.get(PATH)
async def show_notices(
    request: Request,
    visit: Person,
    services: Ask,
    gespeichert: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    return await _choice(request, visit, services, saved=bool(gespeichert))


@router.post(PATH)
async def choose_notices(request: Request, visit: Person, form: Form, services: Ask) -> Response:
    kinds = [kind for kind in NOTICE if not form.text(kind, 1)]
    try:
        body = NoticesBody(unwanted=tuple(kinds))
        await members.choose_notices(services, visit.plain_caller, body)
    except Refused as refused:
        return await _choice(request, visit, services, error=refused)
    return redirect(request, f"{PATH}?gespeichert=1")


async def _choice(
    request: Request,
    visit: Visit,
    services: Services,
    *,
    saved: bool = False,
    error: Refused | None = None,
) -> Response:
    chosen = await members.notices(services, visit.plain_caller)
    facts = {"chosen": chosen, "kinds": NOTICE, "saved": saved}
    errors = [error.error((), next(iter(NOTICE)))] if error else []
    return page(request, "notices.html", visit, 422 if errors else 200, errors=errors, **facts)
