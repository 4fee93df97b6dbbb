"""Search and articles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.pages.cart_pages import cart_key
from portal.pages.rendering import page_of
from portal.pages.views import articles
from portal.pages.views.visits import Visit
from portal.pages.visitors import Ask, with_role

router = APIRouter()

Buyer = Annotated[
    Visit,
    Depends(with_role("requester", "approver", "award_office", "auditor", "procurement", "office")),
]
Words = Annotated[str, Query(max_length=4000)]
_LONGEST = 200
Start = Annotated[int, Query(ge=0, le=10_000)]


@router.get("/suche")
async def search(
    request: Request,
    visit: Buyer,
    services: Ask,
    q: Words = "",
    klasse: Annotated[str, Query(pattern="^[0-9]{0,8}$")] = "",
    lieferant: UUID | str = "",
    ab: Start = 0,
) -> Response:
    wanted = articles.ArticleQuestion(q.strip()[:_LONGEST], klasse, str(lieferant), ab)
    shown = await articles.search(services, visit.caller, wanted)
    key = await cart_key(request, visit)
    return page_of(request, "search.html", visit, 200, shown, wanted=wanted, key=key)


@router.get("/artikel/{article_id}")
async def article(request: Request, article_id: UUID, visit: Buyer, services: Ask) -> Response:
    shown = await articles.with_offers(services, visit.caller, article_id)
    key = await cart_key(request, visit)
    return page_of(request, "article.html", visit, 200, shown, key=key)
