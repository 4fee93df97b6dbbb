"""The cart: put in, change, take out, order."""

import asyncio
from decimal import Decimal
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from marktbund.errors import Invalid
from marktbund.http import Uow, origin
from portal.api.pages import page, redirect
from portal.api.posted import Posted
from portal.api.visitors import Ask, Form, owner_of, with_role
from portal.domain import details
from portal.domain.numbers import QUANTITY, read_number
from portal.gateways.services import Refused, Services
from portal.store import carts, last_details
from portal.store.carts import CartLine
from portal.views import cart as views
from portal.views import hints
from portal.views.visits import Visit

router = APIRouter()

Requester = Annotated[Visit, Depends(with_role("requester"))]


@router.get("/warenkorb")
async def show_cart(request: Request, visit: Requester, services: Ask) -> Response:
    return await _cart(request, visit, services, [], {})


@router.post("/warenkorb")
async def put_into_cart(request: Request, visit: Requester, form: Form, uow: Uow) -> Response:
    line = CartLine(_article(form), _quantity(form))
    await carts.put(uow, owner_of(visit), line, more=True)
    return redirect(request, "/warenkorb")


@router.post("/warenkorb/aenderung")
async def change_cart(request: Request, visit: Requester, form: Form, uow: Uow) -> Response:
    article_id = _article(form)
    if form.text("entfernen"):
        await carts.take_out(uow, owner_of(visit), article_id)
    else:
        await carts.put(uow, owner_of(visit), CartLine(article_id, _quantity(form)), more=False)
    return redirect(request, "/warenkorb")


@router.post("/bestellungen")
async def order(request: Request, visit: Requester, form: Form, services: Ask) -> Response:
    database = request.app.state.database
    async with database.reading() as connection:
        lines = await carts.lines(connection, owner_of(visit))
    body = views.order_of(lines, form.text("reference", 60), form.text("wanted_on", 10))
    said = {name: " ".join(form.text(name, 1000).split()) for name in details.FIELDS}
    more = details.read(said)
    if isinstance(more, list):
        errors = [{"field": each.field, "text": each.text} for each in more]
        return await _cart(request, visit, services, errors, form.form)
    body |= more
    reasons = {name: " ".join(form.text(name, 1000).split()) for name in hints.REASONS}
    body |= {name: reason for name, reason in reasons.items() if reason}
    door = hints.door_of(form.text("draft_id", 40))
    try:
        made = await services.tell(visit.caller, "orders", door, body, key=form.text("key", 60))
    except Refused as refused:
        field = refused.field if refused.field in hints.REASONS else _field(refused.field)
        errors = [{"field": field, "text": refused.sentence}]
        return await _cart(request, visit, services, errors, form.form)
    async with database.begin(await origin(request)) as uow:
        await carts.take_out(uow, owner_of(visit))
        await last_details.keep(uow, owner_of(visit), details.to_offer(said))
    return redirect(request, f"/bestellungen/{made['order_id']}?neu=1")


async def _cart(
    request: Request, visit: Visit, services: Services, errors: list[dict[str, str]], typed: object
) -> Response:
    async with request.app.state.database.reading() as connection:
        lines = await carts.lines(connection, owner_of(visit))
        last = await last_details.of(connection, owner_of(visit))
        draft_id = await carts.draft_of(connection, owner_of(visit))
    shown, hinted = await asyncio.gather(
        views.cart(services, visit.caller, lines),
        hints.of_cart(services, visit.caller, lines, draft_id),
    )
    facts = {"cart": shown, "key": str(uuid4()), "typed": typed, "errors": errors, **hinted}
    facts["offered"] = typed or last
    return page(request, "cart.html", visit, 422 if errors else 200, **facts)


def _article(form: Posted) -> UUID:
    try:
        return UUID(form.text("article_id"))
    except ValueError:
        raise Invalid("article_unknown", "Diesen Artikel gibt es nicht") from None


def _quantity(form: Posted) -> Decimal:
    read = read_number(form.text("quantity", 20), QUANTITY)
    if isinstance(read, str):
        raise Invalid("quantity_invalid", "Diese Menge ist nicht gültig", read)
    return read


def _field(field: str) -> str:
    if field in details.FIELD_OF:
        return details.FIELD_OF[field]
    return "wanted_on" if "delivery_date" in field else "reference" if field else "cart"
