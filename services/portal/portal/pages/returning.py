"""An order sent back, or a draft: into the cart, to be changed and sent off as the same order."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from marktbund.http import origin
from portal.clients import orders
from portal.clients.services import Refused
from portal.pages.ordering import show_order_page
from portal.pages.rendering import redirect
from portal.pages.views import free_text
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, with_role
from portal.store import carts
from portal.store.carts import CartLine

router = APIRouter()

Requester = Annotated[Visit, Depends(with_role("requester"))]


@router.post("/bestellungen/{order_id}/einreichung")
async def submit_unchanged(
    request: Request, order_id: UUID, visit: Requester, form: Form, services: Ask
) -> Response:
    try:
        await orders.submit(services, visit.caller, order_id, form.key)
    except Refused as refused:
        errors = [refused.error((), "entwurf")]
        return await show_order_page(request, visit, services, order_id, errors)
    return redirect(request, f"/bestellungen/{order_id}?neu=1")


@router.post("/bestellungen/{order_id}/uebernahme")
async def take_over(
    request: Request, order_id: UUID, visit: Requester, _: Form, services: Ask
) -> Response:
    """order_id: the draft's. Its lines are set in the cart, what lies there beside them stays;
    lines in words go to their own form.
    """
    beside = await orders.circumstances(services, visit.caller, order_id)
    if not beside.wanted or any(line.free_text for line in beside.wanted):
        free_text.positions_of(beside.wanted)
        return redirect(request, f"/freitext?entwurf={order_id}")
    owner = visit.cart
    assert owner is not None  # noqa: S101 - a requester has a member
    async with request.app.state.database.begin(await origin(request)) as uow:
        for line in beside.wanted:
            await carts.put(uow, owner, CartLine(line.article_id, line.quantity))
        await carts.go_on_from(uow, owner, order_id)
    return redirect(request, "/warenkorb")
