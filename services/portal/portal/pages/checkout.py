"""A cart becomes an order: once, at the sum that was seen, and only what was seen."""

import re
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from marktbund.http import origin
from portal.clients.bodies import DetailsBody, OrderBody
from portal.clients.services import Refused, Services
from portal.domain.problems import Problem
from portal.handlers import sending_off
from portal.handlers.sending_off import Sender
from portal.pages.cart_pages import News, show
from portal.pages.forms import details
from portal.pages.rendering import redirect
from portal.pages.views import cart as views
from portal.pages.views import hints
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, Form, owner_of, with_role
from portal.store import carts
from portal.store.carts import CartLine
from portal.store.sent_orders import SentOrder

router = APIRouter()

Requester = Annotated[Visit, Depends(with_role("requester"))]
_OTHER_CART = "Der Warenkorb ist inzwischen ein anderer. Bitte prüfen Sie ihn vor dem Bestellen."
_LINE = re.compile(r"lines\[([0-9]{1,3})\]")


async def sender_of(request: Request, visit: Visit, services: Services) -> Sender:
    """Who sends an order off."""
    database = request.app.state.database
    return Sender(database, services, visit.caller, owner_of(visit), await origin(request))


def placed(request: Request, order_id: UUID, *, before: bool = False) -> Response:
    """On to the order; before: it was there already."""
    return redirect(request, f"/bestellungen/{order_id}?neu={2 if before else 1}")


@router.post("/bestellungen")
async def order(request: Request, visit: Requester, form: Form, services: Ask) -> Response:
    sender = await sender_of(request, visit, services)
    if order_id := await sending_off.became(sender, form.key):
        return placed(request, order_id)
    typed = form.typed(1000) | {name: form.line(name) for name in (*details.FIELDS, *hints.REASONS)}
    async with sender.database.reading() as connection:
        lines = await carts.lines(connection, sender.owner)
    more = details.read(typed)
    body = _body(lines, typed, more if isinstance(more, DetailsBody) else DetailsBody())
    going = SentOrder(
        form.key,
        "cart",
        hints.door_of(form.text("draft_id", 40)),
        body.as_json(),
        tuple(lines),
        details.to_offer(typed),
    )
    earlier = await sending_off.settle_earlier(sender, "cart", going)
    if earlier and earlier.order_id:
        if earlier.key == form.key:
            return placed(request, earlier.order_id, before=True)
        return await show(request, visit, services, News(typed=typed, arrived=earlier.order_id))
    problems = more if isinstance(more, list) else await _changes(sender, lines, typed)
    if problems:
        return await show(request, visit, services, News(problems, typed))
    try:
        sent = await sending_off.send(sender, going)
    except Refused as refused:
        problems = [Problem(_place(refused), refused.sentence)]
        return await show(request, visit, services, News(problems, typed))
    return placed(request, sent.order_id, before=sent.before)


@router.post("/warenkorb/klaerung")
async def settle(request: Request, visit: Requester, _: Form, services: Ask) -> Response:
    sender = await sender_of(request, visit, services)
    for kind in ("cart", "free_text"):
        earlier = await sending_off.settle_earlier(sender, kind, None)
        if earlier and earlier.order_id:
            return placed(request, earlier.order_id, before=True)
    return redirect(request, "/warenkorb?geklaert=1")


def _body(lines: list[CartLine], typed: Mapping[str, str], more: DetailsBody) -> OrderBody:
    body = views.order_of(lines, typed.get("reference", "")[:60], typed.get("wanted_on", "")[:10])
    reasons = {name: typed[name] for name in hints.REASONS if typed.get(name)}
    seen = {"seen_net_total": typed.get("seen_net_total", "")}
    return body.beside(more).model_copy(update=reasons | seen)


async def _changes(
    sender: Sender, lines: list[CartLine], typed: Mapping[str, str]
) -> list[Problem]:
    """Why the cart is not what was seen when the click was made; nothing when it is."""
    if not lines:
        text = "Der Warenkorb ist leer. Was Sie bestellt haben, steht unter „Bestellungen“."
        return [Problem("cart", text)]
    async with sender.database.reading() as connection:
        version = await carts.version_of(connection, sender.owner)
    if version != typed.get("key"):
        return [Problem("cart", _OTHER_CART)]
    shown = await views.cart(sender.services, sender.caller, lines)
    if any(line.fault for line in shown.lines):
        return [Problem("cart", "Bitte ändern Sie zuerst die Mengen, die es so nicht gibt.")]
    if views.saw(typed, shown):
        return []
    changed = shown.changed_since(typed) or ["Bitte prüfen Sie die Preise."]
    return [Problem("summe", f"Die Summe ist eine andere geworden. {'; '.join(changed)}")]


def _place(refused: Refused) -> str:
    field = refused.field
    if field in hints.REASONS:
        return field
    if field in details.FIELD_OF:
        return details.FIELD_OF[field]
    if refused.code == "price_changed":
        return "summe"
    if "delivery_date" in field:
        return "wanted_on"
    line = _LINE.match(field)
    if line:
        return f"menge-{int(line[1]) + 1}"
    return "reference" if field == "reference" else "cart"
