"""Articles as the marketplace shows them: search with facets, one article, comparable offers."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from portal.clients.services import Caller, Services

PAGE = 25
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """What is looked for; `after`: how many articles were shown already."""

    q: str
    cpv: str
    supplier: str
    after: int

    def link(self, **changes: Any) -> str:
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


async def search(services: Services, caller: Caller, wanted: ArticleQuestion) -> dict[str, Any]:
    """A page of articles with facets: sellers and classes, and how many articles each has."""
    question: dict[str, Any] = {"q": wanted.q, "after": wanted.after, "limit": PAGE}
    if wanted.cpv:
        question["cpv"] = wanted.cpv
    if wanted.supplier:
        question["supplier_id"] = wanted.supplier
    page, facets = await asyncio.gather(
        services.ask(caller, "catalog", "/articles", question),
        services.ask(caller, "catalog", "/articles/facets", {"q": wanted.q, "cpv": wanted.cpv}),
    )
    return {**page, "facets": facets}


async def one(services: Services, caller: Caller, article_id: UUID) -> dict[str, Any]:
    """An article with its seller, and what others offer for the same, cheapest first."""
    article = await services.ask(caller, "catalog", f"/articles/{article_id}")
    others = await _all_of(services, caller, article["comparable_group"])
    offers = [each for each in others if each["article_id"] != str(article_id)]
    return {"article": article, "offers": sorted(offers, key=_net_price)}


async def _all_of(services: Services, caller: Caller, group: str) -> list[dict[str, Any]]:
    """Every offer of a group: the cheapest may stand on any page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        question = {"comparable_group": group, "limit": _WHOLE, "after": after}
        part = await services.ask(caller, "catalog", "/articles", question)
        found += part["articles"]
        after = part["next_after"]
    return found


async def several(services: Services, caller: Caller, ids: list[UUID]) -> dict[UUID, Any]:
    """Articles by id."""
    found = await asyncio.gather(
        *(services.ask(caller, "catalog", f"/articles/{article_id}") for article_id in ids)
    )
    return dict(zip(ids, found, strict=True))


def _net_price(article: dict[str, Any]) -> float:
    return float(article["unit_price_net"])
