"""Orders of the member: the list, one order with its timeline, taking it back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.clients import orders
from portal.clients.bodies import CancellationBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.pages.posted import Posted
from portal.pages.rendering import page_of, redirect
from portal.pages.views import orders as views
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role

router = APIRouter()

Reader = Annotated[Visit, Depends(with_role("requester", "approver", "award_office", "auditor"))]
Requester = Annotated[Visit, Depends(with_role("requester"))]


@router.get("/bestellungen")
async def list_orders(
    request: Request, visit: Reader, services: Ask, nach: UUID | None = None
) -> Response:
    shown = await views.page_of_orders(services, visit.caller, nach)
    return page_of(request, "orders.html", visit, 200, shown)


@router.get("/bestellungen/{order_id}")
async def show_order(
    request: Request,
    order_id: UUID,
    visit: Reader,
    services: Ask,
    neu: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    return await show_order_page(request, visit, services, order_id, [], just_placed=neu)


@router.post("/bestellungen/{order_id}/stornierung")
async def cancel_order(
    request: Request, order_id: UUID, visit: Requester, form: Form, services: Ask
) -> Response:
    body = CancellationBody(reason=form.text("reason", 40))
    try:
        await orders.cancel(services, visit.caller, order_id, body, form.key)
    except Refused as refused:
        errors = [refused.error((), "reason")]
        return await show_order_page(request, visit, services, order_id, errors)
    return redirect(request, f"/bestellungen/{order_id}")


async def show_order_page(
    request: Request,
    visit: Visit,
    services: Services,
    order_id: UUID,
    errors: list[Problem],
    *,
    just_placed: str = "",
) -> Response:
    """An order; errors: what was refused of what was to be done with it."""
    shown = await views.order_page(services, visit.caller, order_id)
    key = views.key_of(visit, shown.order)
    posted: Posted | None = getattr(request.state, "posted", None)
    reason = posted.text("reason", 40) if posted else ""
    facts = {"errors": errors, "just_placed": just_placed, "key": key, "reason": reason}
    return page_of(request, "order.html", visit, 422 if errors else 200, shown, **facts)
