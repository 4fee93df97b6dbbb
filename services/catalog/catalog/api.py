"""HTTP doors: request -> command -> handler -> answer."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query
from fastapi.responses import JSONResponse

from catalog import handlers, views
from catalog.commands import PublishPriceList, StagePriceList
from catalog.views import ArticleSearch, PageSize
from marktbund.auth import AnyAccount, Official, cooperative_role, within
from marktbund.contracts.http.catalog import (
    ArticleAnswer,
    ArticlesAnswer,
    FacetsAnswer,
    PriceListAnswer,
)
from marktbund.errors import NotFound
from marktbund.http import Reading, Today, Uow
from marktbund.idempotency import Idempotent

router = APIRouter()

Office = Annotated[Official, Depends(cooperative_role("office"))]
Informed = Annotated[Official, Depends(cooperative_role("office", "procurement"))]
CsvText = Annotated[bytes, Body(media_type="text/csv", max_length=30_000_000)]
Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


@router.post(
    "/suppliers/{supplier_id}/price-lists",
    status_code=201,
    response_model=PriceListAnswer,
    dependencies=[Depends(within("uploads"))],
)
async def stage_price_list(
    supplier_id: UUID, content: CsvText, office: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> PriceListAnswer:
        # A long list takes seconds to check; the loop has other requests to serve meanwhile.
        command = await asyncio.to_thread(StagePriceList.from_csv, supplier_id, content)
        staged = await handlers.stage_price_list(command, office.person_id, uow)
        return views.price_list_answer(staged)

    return await once(work)


@router.post("/suppliers/{supplier_id}/price-lists/{number}/publication")
async def publish_price_list(
    supplier_id: UUID, number: Number, office: Office, uow: Uow
) -> PriceListAnswer:
    command = PublishPriceList(supplier_id=supplier_id, number=number)
    published = await handlers.publish_price_list(command, office.person_id, uow)
    return views.price_list_answer(published)


@router.get("/suppliers/{supplier_id}/price-lists")
async def list_price_lists(
    supplier_id: UUID,
    _: Informed,
    reading: Reading,
    before: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
    limit: PageSize = 100,
) -> list[PriceListAnswer]:
    return await views.price_lists(reading, supplier_id, before, limit)


@router.get("/articles")
async def search_articles(
    search: Annotated[ArticleSearch, Query()], _: AnyAccount, reading: Reading, today: Today
) -> ArticlesAnswer:
    return await views.articles(reading, search, today)


@router.get("/articles/facets")
async def narrow_down(
    search: Annotated[ArticleSearch, Query()], _: AnyAccount, reading: Reading
) -> FacetsAnswer:
    return await views.facets(reading, search)


@router.get("/articles/{article_id}")
async def article(article_id: UUID, _: AnyAccount, reading: Reading, today: Today) -> ArticleAnswer:
    answer = await views.article(reading, article_id, today)
    if answer is None:
        raise NotFound("article_unknown", "Diesen Artikel gibt es nicht")
    return answer
