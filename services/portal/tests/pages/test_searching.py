"""Search: narrowed by seller and class, read on, and an article that is none."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from services.portal.tests.carting import ARTICLES, article
from services.portal.tests.facts import enter
from services.portal.tests.paging import read_to_its_end

VOSS = str(UUID(int=6))
FACETS = {
    "suppliers": [{"supplier_id": VOSS, "name": "Voss", "articles": 30}],
    "suppliers_further": 0,
    "classes": [{"cpv": "30197643", "articles": 30}],
    "classes_further": 0,
}


@pytest.fixture
async def buyer(visitor):
    """A requester; catalog has thirty articles."""
    await enter(visitor, "requester")
    articles = [article(number) for number in range(1, 31)]

    def answer(request: httpx.Request) -> tuple[int, Any]:
        start, limit = (int(request.url.params[name]) for name in ("after", "limit"))
        more = start + limit if start + limit < len(articles) else None
        part = {"articles": articles[start : start + limit], "next_after": more}
        return 200, part | {"total": len(articles), "total_capped": False}

    visitor.shelf.paged[ARTICLES] = answer
    visitor.shelf.answers["GET", f"{ARTICLES}/facets"] = (200, FACETS)
    return visitor


async def test_a_search_is_narrowed_by_seller_and_class(buyer):
    page = (await buyer.browser.get(f"/suche?q=papier&klasse=30197643&lieferant={VOSS}")).text
    asked = {request.url.path: request.url.params for request in buyer.shelf.asked}
    question = asked[ARTICLES]
    assert (question["q"], question["cpv"]) == ("papier", "30197643")
    assert question["supplier_id"] == VOSS
    assert asked[f"{ARTICLES}/facets"]["cpv"] == "30197643"
    assert "<strong>Voss (30)</strong>" in page
    assert 'href="/suche?q=papier">Eingrenzung aufheben' in page


async def test_a_search_goes_on_with_what_was_asked(buyer):
    begun = f"/suche?q=papier&klasse=30197643&lieferant={VOSS}"
    addresses, pages = await read_to_its_end(buyer, begun)
    assert addresses == [begun, f"{begun}&ab=25"]
    assert [page.count('<li class="article">') for page in pages] == [25, 5]


@pytest.mark.parametrize("question", ["klasse=Papier", "ab=-1", "ab=10001"])
async def test_a_search_for_what_cannot_be_is_no_page(buyer, question):
    answer = await buyer.browser.get(f"/suche?{question}")
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text
    assert buyer.shelf.asked == []


async def test_an_article_that_is_none_is_said(buyer):
    door = f"{ARTICLES}/{UUID(int=77)}"
    unknown = {"code": "article_unknown", "title": "Diesen Artikel gibt es nicht"}
    buyer.shelf.answers["GET", door] = (404, unknown)
    answer = await buyer.browser.get(f"/artikel/{UUID(int=77)}")
    assert answer.status_code == 404
    assert "Diesen Artikel gibt es nicht</h1>" in answer.text
