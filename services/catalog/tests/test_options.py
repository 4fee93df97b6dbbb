"""Every option of the doors that look: what it narrows a search down to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

CSV = {"Content-Type": "text/csv; charset=utf-8"}
ROWS = (
    {"article_number": "BR-1"},
    {"name": "Bürodrehstuhl Netzrücken", "cpv": "39111100"},
    {"name": "Bürostuhl Stoff", "cpv": "39111100"},
)
GROUP = "mfr:lennepap|len 8764187"


@pytest.fixture
async def shops(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
) -> tuple[UUID, UUID]:
    """Two suppliers: the first offers ROWS, the second the first of them; each loaded two lists."""
    office = await doors.account(("office", None))
    made = (await supplier(), await supplier())
    for supplier_id, rows in zip(made, (ROWS, ROWS[:1]), strict=True):
        for number in (1, 2):
            path = f"/suppliers/{supplier_id}/price-lists"
            key = {"Idempotency-Key": str(new_id())}
            content = csv_of(*rows)
            await doors.client.post(path, content=content, headers=office | CSV | key)
            answer = await doors.client.post(f"{path}/{number}/publication", headers=office)
            assert answer.status_code == 200, answer.text
    return made


@pytest.mark.parametrize(
    ("options", "articles", "sellers", "classes"),
    [
        ({}, 4, [3, 1], {"3019": 2, "3911": 2}),
        ({"q": "Stuhl"}, 2, [2], {"3911": 2}),
        ({"cpv": "3019"}, 2, [1, 1], {"3019": 2}),
        ({"comparable_group": GROUP}, 2, [1, 1], {"3019": 2}),
        ({"supplier_id": 1}, 1, [1], {"3019": 1}),
        ({"after": 3}, 4, [3, 1], {"3019": 2, "3911": 2}),
        ({"limit": 1}, 4, [3, 1], {"3019": 2, "3911": 2}),
    ],
)
async def test_each_option_narrows_the_search_and_its_facets(
    doors: Doors,
    shops: tuple[UUID, UUID],
    options: dict,
    articles: int,
    sellers: list,
    classes: dict,
):
    reader = await doors.account(("requester", new_id()))
    chosen = dict(options)
    if "supplier_id" in chosen:
        chosen["supplier_id"] = str(shops[chosen["supplier_id"]])
    page = (await doors.client.get("/articles", params=chosen, headers=reader)).json()
    assert page["total"] == articles
    shown = min(articles - options.get("after", 0), options.get("limit", 25))
    assert len(page["articles"]) == shown
    facets = (await doors.client.get("/articles/facets", params=chosen, headers=reader)).json()
    assert [facet["articles"] for facet in facets["suppliers"]] == sellers
    counted = {facet["cpv"]: facet["articles"] for facet in facets["classes"]}
    assert counted == classes


@pytest.mark.parametrize("door", ["/articles", "/articles/facets"])
@pytest.mark.parametrize(
    ("option", "field"),
    [
        ("limit=0", "limit"),
        ("after=-1", "after"),
        ("cpv=x", "cpv"),
        ("supplier_id=x", "supplier_id"),
        ("seite=2", "seite"),
    ],
)
async def test_a_wrong_option_names_its_field(doors: Doors, door: str, option: str, field: str):
    reader = await doors.account(("requester", new_id()))
    refused = await doors.client.get(f"{door}?{option}", headers=reader)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_price_lists_come_in_pages(doors: Doors, shops: tuple[UUID, UUID]):
    office = await doors.account(("procurement", None))
    path = f"/suppliers/{shops[0]}/price-lists"
    newest = (await doors.client.get(path, params={"limit": 1}, headers=office)).json()
    assert [price_list["number"] for price_list in newest] == [2]


async def test_an_article_shows_what_may_be_ordered_of_it(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    office = await doors.account(("office", None))
    path = f"/suppliers/{await supplier()}/price-lists"
    content = csv_of({"minimum_quantity": "10", "quantity_interval": "5"})
    key = {"Idempotency-Key": str(new_id())}
    await doors.client.post(path, content=content, headers=office | CSV | key)
    await doors.client.post(f"{path}/1/publication", headers=office)
    [article] = (await doors.client.get("/articles", headers=office)).json()["articles"]
    assert (article["minimum_quantity"], article["quantity_interval"]) == ("10", "5")
