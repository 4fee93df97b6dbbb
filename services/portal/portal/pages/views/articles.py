"""Articles as the marketplace shows them: search with facets, one article, comparable offers."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from marktbund.contracts.http.catalog import ArticleAnswer, ArticlesAnswer, FacetsAnswer
from portal.clients import catalog
from portal.clients.services import Caller, Question, Services

PAGE = 25
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """What is looked for; `after`: how many articles were shown already."""

    q: str
    cpv: str
    supplier: str
    after: int

    def link(self, **changes: str | int) -> str:
        """The address of this search with something changed."""
        values = {
            "q": self.q,
            "klasse": self.cpv,
            "lieferant": self.supplier,
            "ab": 0,
            **changes,
        }
        kept = {name: value for name, value in values.items() if value}
        return f"/suche?{urlencode(kept)}" if kept else "/suche"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of articles, and how the search narrows down."""

    hits: ArticlesAnswer
    facets: FacetsAnswer


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article, and what others offer for the same, cheapest first."""

    article: ArticleAnswer
    offers: tuple[ArticleAnswer, ...]


async def search(services: Services, caller: Caller, wanted: ArticleQuestion) -> SearchPage:
    """A page of articles with facets: sellers and classes, and how many articles each has."""
    question: Question = {
        "q": wanted.q,
        "after": wanted.after,
        "limit": PAGE,
        "cpv": wanted.cpv,
        "supplier_id": wanted.supplier,
    }
    page, facets = await asyncio.gather(
        catalog.search(services, caller, question),
        catalog.facets(services, caller, {"q": wanted.q, "cpv": wanted.cpv}),
    )
    return SearchPage(page, facets)


async def with_offers(services: Services, caller: Caller, article_id: UUID) -> ArticlePage:
    """An article with its seller, and what others offer for the same."""
    article = await catalog.article(services, caller, article_id)
    others = await _all_of(services, caller, article.comparable_group)
    offers = (other for other in others if other.article_id != article_id)
    return ArticlePage(article, tuple(sorted(offers, key=lambda offer: offer.unit_price_net)))


async def _all_of(services: Services, caller: Caller, group: str) -> list[ArticleAnswer]:
    """Every offer of a group: the cheapest may stand on any page."""
    offers: list[ArticleAnswer] = []
    after: int | None = 0
    while after is not None:
        question: Question = {"comparable_group": group, "limit": _WHOLE, "after": after}
        part = await catalog.search(services, caller, question)
        offers += part.articles
        after = part.next_after
    return offers


async def several(services: Services, caller: Caller, ids: list[UUID]) -> dict[UUID, ArticleAnswer]:
    """Articles by id."""
    articles = await asyncio.gather(
        *(catalog.article(services, caller, article_id) for article_id in ids)
    )
    return dict(zip(ids, articles, strict=True))
