"""The page of the cart, with whatever was refused at its place and nothing typed lost."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from portal.clients.services import Services
from portal.domain.problems import Problem
from portal.pages.rendering import page_of
from portal.pages.views import cart as views
from portal.pages.views import hints
from portal.pages.views.cart import ShownCart
from portal.pages.views.visits import Visit
from portal.pages.visitors import owner_of
from portal.store import carts, last_details, sent_orders

Refused = Mapping[UUID, tuple[str, str]]
"""Article -> the quantity that was typed, and why it cannot be."""


@dataclass(frozen=True, slots=True)
class News:
    """What the page of the cart says besides. typed: the order's form as sent. arrived: an order
    sent before that is there. settled: one sent before is not there, and will not be.
    added_before: what was to be put in had been put in by the same form.
    """

    problems: Sequence[Problem] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    refused: Refused = field(default_factory=dict)
    arrived: UUID | None = None
    settled: bool = False
    added_before: bool = False


async def show(request: Request, visit: Visit, services: Services, news: News = News()) -> Response:
    """The cart."""
    owner = owner_of(visit)
    async with request.app.state.database.reading() as connection:
        lines = await carts.lines(connection, owner)
        last = await last_details.of(connection, owner)
        draft_id = await carts.draft_of(connection, owner)
        version = await carts.version_of(connection, owner)
        unsettled = await sent_orders.unsettled(connection, owner, "cart")
    shown, hinted = await asyncio.gather(
        views.cart(services, visit.caller, lines),
        hints.of_cart(services, visit.caller, lines, draft_id),
    )
    facts = {
        "cart": shown,
        "key": version,
        "typed": news.typed,
        "offered": news.typed or last,
        "refused": news.refused,
        "errors": [*news.problems, *at_lines(shown, news.refused)],
        "unsettled": unsettled,
        "arrived": news.arrived,
        "settled": news.settled,
        "added_before": news.added_before,
    }
    status = 422 if news.problems or news.refused else 200
    return page_of(request, "cart.html", visit, status, hinted, **facts)


async def cart_key(request: Request, visit: Visit) -> str:
    """The key of forms that put something into the cart; empty for whoever has none."""
    if visit.cart is None:
        return ""
    async with request.app.state.database.reading() as connection:
        return await carts.version_of(connection, visit.cart)


def at_lines(shown: ShownCart, refused: Refused) -> list[Problem]:
    """What is wrong with the quantities, each at its line."""
    faults = []
    for number, line in enumerate(shown.lines, start=1):
        _, text = refused.get(line.article.article_id, ("", line.fault))
        if text:
            faults.append(Problem(f"menge-{number}", text, line.article.name))
    return faults
