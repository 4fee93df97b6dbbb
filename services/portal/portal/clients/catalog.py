"""Doors of catalog. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.catalog import ArticleAnswer, ArticlesAnswer, FacetsAnswer
from portal.clients.services import Caller, Question, Services

_CATALOG = "catalog"


async def search(services: Services, caller: Caller, question: Question) -> ArticlesAnswer:
    """A page of articles."""
    return await services.read(caller, _CATALOG, "/articles", ArticlesAnswer, question)


async def facets(services: Services, caller: Caller, question: Question) -> FacetsAnswer:
    """How a search narrows down."""
    return await services.read(caller, _CATALOG, "/articles/facets", FacetsAnswer, question)


async def article(services: Services, caller: Caller, article_id: UUID) -> ArticleAnswer:
    """An article."""
    return await services.read(caller, _CATALOG, f"/articles/{article_id}", ArticleAnswer)
