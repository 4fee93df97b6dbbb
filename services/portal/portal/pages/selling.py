"""Pages of suppliers: what was ordered, answer per line, goods sent off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients import supplier_gateway
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.forms import answers
from portal.pages.rendering import page_of, redirect
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
    return page_of(request, "incoming.html", visit, 200, shown, everything=bool(alle))


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
    caller = visit.plain_caller
    try:
        await supplier_gateway.respond(services, caller, supplier_order_id, read, form.key)
    except Refused as refused:
        problems = [Problem(answers.place_of_answer(refused.field, read), refused.sentence)]
        return await _incoming(request, visit, services, supplier_order_id, problems, typed)
    return redirect(request, f"/auftraege/{supplier_order_id}")


@router.post("/auftraege/{supplier_order_id}/versand")
async def send_off(
    request: Request, supplier_order_id: UUID, visit: Seller, form: Form, services: Ask
) -> Response:
    typed = form.typed(60)
    read = answers.read_despatch(typed)
    if isinstance(read, list):
        return await _incoming(request, visit, services, supplier_order_id, read, typed)
    caller = visit.plain_caller
    try:
        await supplier_gateway.despatch(services, caller, supplier_order_id, read, form.key)
    except Refused as refused:
        problems = [Problem(answers.place_of_despatch(refused.field, read), refused.sentence)]
        return await _incoming(request, visit, services, supplier_order_id, problems, typed)
    return redirect(request, f"/auftraege/{supplier_order_id}")


async def _incoming(
    request: Request,
    visit: Visit,
    services: Services,
    supplier_order_id: UUID,
    problems: list[Problem],
    typed: dict[str, str],
) -> Response:
    caller = visit.plain_caller
    async with request.app.state.database.reading() as connection:
        shown = await views.incoming_order(services, connection, caller, supplier_order_id)
    facts = {"errors": problems, "typed": typed, "key": views.key_of(visit, shown.order)}
    status = 422 if problems else 200
    return page_of(request, "incoming_order.html", visit, status, shown, **facts)
