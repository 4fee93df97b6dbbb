"""Search: what is found, in which order, and what is not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from catalog import handlers
from catalog.commands import PublishPriceList, StagePriceList
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from marktbund.unit_of_work import UnitOfWork

PAPER = "Kopierpapier, Format A4, 80 g/m², weiß"
ROWS = (
    {"article_number": "BR-77"},
    {"name": "Bürodrehstuhl Netzrücken", "cpv": "39111100", "manufacturer": "Sitzmark"},
    {"name": "Schreibtische höhenverstellbar", "cpv": "39121100"},
    {"name": "Malblock A4", "description": "Aus schwerem Papier."},
    {"name": "Hammer 500 g", "cpv": "44512300", "features": "Stiel=Esche|Norm=DIN 1041"},
)


@pytest.fixture
async def shop(uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]) -> UUID:
    """A supplier with ROWS in force."""
    supplier_id: UUID = await supplier()
    await in_force(uow, supplier_id, csv_of(*ROWS))
    return supplier_id


async def in_force(uow: UnitOfWork, supplier_id: UUID, content: bytes) -> None:
    command = StagePriceList.from_csv(supplier_id, content)
    staged = await handlers.stage_price_list(command, new_id(), uow)
    publish = PublishPriceList(supplier_id=supplier_id, number=staged.number)
    await handlers.publish_price_list(publish, new_id(), uow)


async def ask(doors: Doors, path: str = "/articles", **search: Any) -> httpx.Response:
    reader = await doors.account(("requester", new_id()))
    return await doors.client.get(path, params=search, headers=reader)


async def names(doors: Doors, **search: Any) -> list[str]:
    answer = await ask(doors, **search)
    assert answer.status_code == 200, answer.text
    return [article["name"] for article in answer.json()["articles"]]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Kopierpapier", PAPER),
        ("kopierpa", PAPER),
        ("papier a4", PAPER),
        ("80 g/m²", PAPER),
        ("drehstühle", "Bürodrehstuhl Netzrücken"),
        ("Stuhl sitzmark", "Bürodrehstuhl Netzrücken"),
        ("schreibtisch", "Schreibtische höhenverstellbar"),
        ("der und hammer", "Hammer 500 g"),
        ("esche", "Hammer 500 g"),
        ("DIN 1041", "Hammer 500 g"),
        ("BR-77", PAPER),
        ("br-77", PAPER),
        ("len-8764187", PAPER),
        ("2893779877144", PAPER),
        ("02893779877144", PAPER),
    ],
)
async def test_people_find_what_they_mean(doors: Doors, shop: UUID, q: str, first: str):
    assert (await names(doors, q=q))[0] == first


async def test_all_words_in_the_name_come_before_words_elsewhere(doors: Doors, shop: UUID):
    assert await names(doors, q="papier") == [PAPER, "Malblock A4"]


@pytest.mark.parametrize("q", ["Kettensäge", "papier hammer", "!!", "'", "q\\", "& | !", ":*"])
async def test_what_is_not_there_is_not_found(doors: Doors, shop: UUID, q: str):
    assert await names(doors, q=q) == []


async def test_an_article_tells_what_it_costs_and_from_whom(doors: Doors, shop: UUID):
    (article,) = (await ask(doors, q="BR-77")).json()["articles"]
    assert article["supplier_id"] == str(shop)
    assert article["supplier_name"] == "Bürowelt Rheintal GmbH"
    assert (article["unit_price_net"], article["currency"], article["vat_rate"]) == (
        "4.27",
        "EUR",
        "19",
    )
    assert list(article["features"].items()) == [("Format", "A4"), ("Grammatur", "80 g/m²")]
    assert article["comparable_group"] == "mfr:lennepap|len 8764187"
    assert article["orderable"] is True
    assert "search" not in article
    answer = await ask(doors, f"/articles/{article['article_id']}")
    assert answer.json() == article


async def test_cpv_is_a_prefix_and_a_supplier_can_be_named(doors: Doors, shop: UUID):
    both = ["Bürodrehstuhl Netzrücken", "Schreibtische höhenverstellbar"]
    assert await names(doors, cpv="391") == both
    assert await names(doors, cpv="391", q="tisch") == both[1:]
    assert len(await names(doors, supplier_id=str(shop))) == 5
    assert await names(doors, supplier_id=str(new_id())) == []


async def test_sellers_and_classes_beyond_the_largest_are_counted(
    doors: Doors, uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    for number in range(14):
        rows = [{"cpv": f"{1000 + number + more}0000"} for more in range(2)]
        await in_force(uow, await supplier(), csv_of(*rows))
    facets = (await ask(doors, "/articles/facets")).json()
    assert (len(facets["suppliers"]), facets["suppliers_further"]) == (12, 2)
    assert (len(facets["classes"]), facets["classes_further"]) == (12, 3)
    few = (await ask(doors, "/articles/facets", cpv="1000")).json()
    assert (len(few["suppliers"]), few["suppliers_further"]) == (1, 0)
    none = (await ask(doors, "/articles/facets", cpv="9")).json()
    assert (none["suppliers"], none["suppliers_further"], none["classes_further"]) == ([], 0, 0)


async def test_pages_follow_each_other_without_gap(doors: Doors, shop: UUID):
    everything = await names(doors)
    assert everything == sorted(everything)
    pages, after = [], 0
    while after is not None:
        page = (await ask(doors, after=after, limit=2)).json()
        assert (page["total"], page["total_capped"]) == (5, False)
        pages.append([article["name"] for article in page["articles"]])
        after = page["next_after"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page] == everything


async def test_the_total_is_capped(
    doors: Doors,
    uow: UnitOfWork,
    supplier: Callable[..., Any],
    csv_of: Callable[..., bytes],
):
    await in_force(uow, await supplier(), csv_of(*({} for _ in range(1_001))))
    page = (await ask(doors, q="kopierpapier")).json()
    assert (page["total"], page["total_capped"]) == (1_000, True)


@pytest.mark.parametrize("status", ["suspended", "withdrawn"])
async def test_articles_of_a_suspended_supplier_are_not_offered(
    doors: Doors, shop: UUID, supplier: Callable[..., Any], status: str
):
    (before,) = (await ask(doors, q="BR-77")).json()["articles"]
    await supplier(shop, status=status, version=2)
    assert await names(doors) == []
    after = (await ask(doors, f"/articles/{before['article_id']}")).json()
    assert (after["status"], after["orderable"], after["version"]) == ("active", False, 1)


async def test_a_withdrawn_article_can_still_be_looked_at(
    doors: Doors, uow: UnitOfWork, shop: UUID, csv_of: Callable[..., bytes]
):
    (before,) = (await ask(doors, q="BR-77")).json()["articles"]
    await in_force(uow, shop, csv_of({}))
    assert await names(doors, q="BR-77") == []
    after = (await ask(doors, f"/articles/{before['article_id']}")).json()
    assert (after["status"], after["orderable"], after["version"]) == ("withdrawn", False, 2)


async def test_an_unknown_article_is_not_found(doors: Doors):
    answer = await ask(doors, f"/articles/{new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "article_unknown")


@pytest.mark.parametrize(
    "search",
    [
        {"cpv": "39a"},
        {"limit": 101},
        {"after": -1},
        {"q": "a\u202eb"},
        {"q": "x" * 201},
        {"sort": "x"},
    ],
)
async def test_a_question_out_of_bounds_is_refused(doors: Doors, search: dict[str, Any]):
    answer = await ask(doors, **search)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(search)))
