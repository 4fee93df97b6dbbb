"""Pages of suppliers: what was ordered, answer per line, goods sent off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients.services import Refused, Services
from portal.pages.forms import answers
from portal.pages.forms.problems import Problem
from portal.pages.posted import Posted
from portal.pages.rendering import page, redirect
from portal.pages.views import selling as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

Seller = Annotated[Visit, Depends(with_role("supplier"))]


@router.get("/auftraege")
async def list_incoming(
    request: Request,
    visit: Seller,
    services: Ask,
    alle: Annotated[str, Query(max_length=1)] = "",
    nach: UUID | None = None,
) -> Response:
    shown = await views.incoming(services, visit.plain_caller, nach, open_=not alle)
    return page(request, "incoming.html", visit, everything=bool(alle), **shown)


@router.get("/auftraege/{supplier_order_id}")
async def show_incoming(
    request: Request, supplier_order_id: UUID, visit: Seller, services: Ask
) -> Response:
    return await _incoming(request, visit, services, supplier_order_id, [], {})


@router.post("/auftraege/{supplier_order_id}/antwort")
async def answer(
    request: Request, supplier_order_id: UUID, visit: Seller, form: Form, services: Ask
) -> Response:
    typed = form.typed(60)
    read = answers.read(typed)
    if isinstance(read, list):
        return await _incoming(request, visit, services, supplier_order_id, read, typed)
    path = f"/supplier-orders/{supplier_order_id}/responses"
    return await _told(request, visit, services, supplier_order_id, path, read, form)


@router.post("/auftraege/{supplier_order_id}/versand")
async def send_off(
    request: Request, supplier_order_id: UUID, visit: Seller, form: Form, services: Ask
) -> Response:
    typed = form.typed(60)
    read = answers.read_despatch(typed)
    if isinstance(read, list):
        return await _incoming(request, visit, services, supplier_order_id, read, typed)
    path = f"/supplier-orders/{supplier_order_id}/despatches"
    return await _told(request, visit, services, supplier_order_id, path, read, form)


async def _told(
    request: Request,
    visit: Visit,
    services: Services,
    supplier_order_id: UUID,
    path: str,
    body: dict[str, object],
    form: Posted,
) -> Response:
    try:
        await services.tell(
            visit.plain_caller, "supplier_gateway", path, body, key=form.key_at(path)
        )
    except Refused as refused:
        place = answers.place_of(refused.field, body)
        problems = [Problem(place, refused.sentence)]
        return await _incoming(
            request, visit, services, supplier_order_id, problems, form.typed(60)
        )
    return redirect(request, f"/auftraege/{supplier_order_id}")


async def _incoming(
    request: Request,
    visit: Visit,
    services: Services,
    supplier_order_id: UUID,
    problems: list[Problem],
    typed: dict[str, str],
) -> Response:
    shown = await views.one(services, visit.plain_caller, supplier_order_id)
    async with request.app.state.database.reading() as connection:
        member = await views.member_name(connection, shown["order"]["member_id"])
    facts = {
        "errors": [{"field": each.field, "text": each.text} for each in problems],
        "typed": typed,
        "key": views.key_of(visit, shown["order"]),
        "member": member,
        **shown,
    }
    return page(request, "incoming_order.html", visit, 422 if problems else 200, **facts)
