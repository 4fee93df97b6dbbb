"""What tests of lists share: a service that hands out rows page by page, and the way on."""

import re
from html import unescape
from typing import Any

import httpx

Row = dict[str, Any]


def by_row(visitor: Any, door: str, rows: list[Row], name: str) -> None:
    """A service lists these rows: as many as it is asked for, after the row whose id is named."""

    def answer(request: httpx.Request) -> tuple[int, Any]:
        asked, ids = request.url.params, [row[name] for row in rows]
        start = ids.index(asked["after"]) + 1 if "after" in asked else 0
        return 200, rows[start : start + int(asked["limit"])]

    visitor.shelf.paged[door] = answer


def by_count(visitor: Any, door: str, rows: list[Row]) -> None:
    """The same, after as many rows as were shown already."""

    def answer(request: httpx.Request) -> tuple[int, Any]:
        start, limit = (int(request.url.params[name]) for name in ("after", "limit"))
        return 200, rows[start : start + limit]

    visitor.shelf.paged[door] = answer


def way_on(page: str) -> str | None:
    """Where the list goes on; None where it ends."""
    link = re.search(r'rel="next" href="([^"]+)"', page)
    return unescape(link[1]) if link else None


async def read_to_its_end(visitor: Any, page: str) -> tuple[list[str], list[str]]:
    """The addresses of a list's pages, first to last, and what stands on each."""
    addresses, texts = [], []
    following: str | None = page
    while following is not None:
        answer = await visitor.browser.get(following)
        assert answer.status_code == 200, answer.text
        addresses.append(following)
        texts.append(answer.text)
        following = way_on(answer.text)
    return addresses, texts
