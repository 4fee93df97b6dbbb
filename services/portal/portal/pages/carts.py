"""The cart: put in, change, take out."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from marktbund.errors import Invalid
from marktbund.http import origin
from portal.clients import catalog
from portal.clients.services import Services
from portal.domain import quantities
from portal.domain.problems import Problem
from portal.pages.cart_pages import News, cart_key, show
from portal.pages.forms.numbers import QUANTITY, read_number
from portal.pages.posted import Posted
from portal.pages.rendering import page_of, redirect
from portal.pages.views import articles
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, owner_of, with_role
from portal.store import carts
from portal.store.carts import CartLine

router = APIRouter()

Requester = Annotated[Visit, Depends(with_role("requester"))]
_BEFORE = "/warenkorb?schon=1"


@router.get("/warenkorb")
async def show_cart(
    request: Request,
    visit: Requester,
    services: Ask,
    geklaert: Annotated[str, Query(max_length=1)] = "",
    schon: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    news = News(settled=bool(geklaert), added_before=bool(schon))
    return await show(request, visit, services, news)


@router.post("/warenkorb")
async def put_into_cart(request: Request, visit: Requester, form: Form, services: Ask) -> Response:
    article_id, owner = _article(form), owner_of(visit)
    # Beside the cart's version the click itself: a page left open adds other things, too.
    key = form.key_at(f"/warenkorb/{article_id}/{form.text('quantity', 20)}")
    database = request.app.state.database
    async with database.reading() as connection:
        there = await carts.quantity_of(connection, owner, article_id)
        before = await carts.was_added(connection, owner, key)
    if before:
        return redirect(request, _BEFORE)
    read, text = await _read(form, visit, services, article_id, there)
    if read is None:
        shown = await articles.with_offers(services, visit.caller, article_id)
        facts = {
            "key": await cart_key(request, visit),
            "errors": [Problem("quantity", text)],
            "typed_quantity": form.text("quantity", 20),
        }
        return page_of(request, "article.html", visit, 422, shown, **facts)
    async with database.begin(await origin(request)) as uow:
        added = await carts.add(uow, owner, CartLine(article_id, read), key)
    return redirect(request, "/warenkorb" if added else _BEFORE)


@router.post("/warenkorb/aenderung")
async def change_cart(request: Request, visit: Requester, form: Form, services: Ask) -> Response:
    article_id, owner = _article(form), owner_of(visit)
    database = request.app.state.database
    if form.text("entfernen"):
        async with database.begin(await origin(request)) as uow:
            await carts.take_out(uow, owner, article_id)
        return redirect(request, "/warenkorb")
    read, text = await _read(form, visit, services, article_id, Decimal(0))
    if read is None:
        refused = {article_id: (form.text("quantity", 20), text)}
        return await show(request, visit, services, News(refused=refused))
    async with database.begin(await origin(request)) as uow:
        await carts.put(uow, owner, CartLine(article_id, read))
    return redirect(request, "/warenkorb")


async def _read(
    form: Posted, visit: Visit, services: Services, article_id: UUID, there: Decimal
) -> tuple[Decimal | None, str]:
    """The quantity of a form, or why it cannot be; there: what lies in the cart already."""
    read = read_number(form.text("quantity", 20), QUANTITY)
    if isinstance(read, str):
        return None, read
    article = await catalog.article(services, visit.caller, article_id)
    fault = quantities.why_not(article, there + read)
    return (None, fault) if fault else (read, "")


def _article(form: Posted) -> UUID:
    try:
        return UUID(form.text("article_id"))
    except ValueError:
        raise Invalid("article_unknown", "Diesen Artikel gibt es nicht") from None
