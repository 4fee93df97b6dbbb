"""From how many on and in which steps an article is sold, wherever a quantity is typed."""

import re
from typing import Any

import pytest

from services.portal.tests.carting import ARTICLES, FACETS, article, fill, search_answer
from services.portal.tests.facts import enter

IN_STEPS = {"minimum_quantity": "10", "quantity_interval": "5"}
SAID = "Mindestens 10, in Schritten von 5"


@pytest.fixture
async def requester(visitor):
    await enter(visitor, "requester")
    return visitor


def _finds(visitor: Any, *articles: dict[str, Any]) -> None:
    visitor.shelf.answers["GET", ARTICLES] = (200, search_answer(*articles))
    visitor.shelf.answers["GET", f"{ARTICLES}/facets"] = (200, FACETS)


def _field(page: str, field: str) -> str:
    return re.search(rf'<input[^>]*id="{field}"[^>]*>', page)[0]


def _choices(page: str, field: str) -> list[str]:
    choices = re.search(rf'<datalist id="{field}-stufen">(.*?)</datalist>', page)
    return re.findall('value="([^"]*)"', choices[1]) if choices else []


async def test_a_hit_says_how_it_is_sold_and_begins_with_what_can_be_ordered(requester):
    _finds(requester, article(**IN_STEPS), article(8))
    page = (await requester.browser.get("/suche")).text
    assert f'id="menge-1-stelle"><p class="kern-body kern-body--small">{SAID}<' in page
    first = _field(page, "menge-1")
    for hint in ('value="10"', 'aria-describedby="menge-1-stelle"', 'inputmode="numeric"'):
        assert hint in first
    assert _choices(page, "menge-1") == ["10", "15", "20", "25", "30", "35"]
    assert "aria-describedby" not in _field(page, "menge-2")
    assert _choices(page, "menge-2") == []


async def test_article_and_cart_offer_the_same_steps(requester):
    await fill(requester, "20", **IN_STEPS)
    for path, field in (
        (f"/artikel/{article()['article_id']}", "quantity"),
        ("/warenkorb", "menge-1"),
    ):
        page = (await requester.browser.get(path)).text
        assert SAID in page
        assert f'list="{field}-stufen"' in _field(page, field)
        assert _choices(page, field) == ["10", "15", "20", "25", "30", "35"]


async def test_what_is_measured_is_typed_with_decimals(requester):
    sold = {"order_unit": "KGM", "minimum_quantity": "0.5", "quantity_interval": "0.25"}
    _finds(requester, article(**sold))
    page = (await requester.browser.get("/suche")).text
    assert "Mindestens 0,5, in Schritten von 0,25" in page
    assert 'inputmode="decimal"' in _field(page, "menge-1")
    assert _choices(page, "menge-1")[:3] == ["0,5", "0,75", "1"]
