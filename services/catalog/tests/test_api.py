"""The doors of catalog, on real PostgreSQL as the app role."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

CSV = {"Content-Type": "text/csv; charset=utf-8"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def load(doors: Doors, supplier_id: UUID, content: bytes, **headers: str) -> httpx.Response:
    office = await doors.account(("office", None))
    sent = office | CSV | key() | headers
    path = f"/suppliers/{supplier_id}/price-lists"
    return await doors.client.post(path, content=content, headers=sent)


async def publish(doors: Doors, supplier_id: UUID, number: int) -> httpx.Response:
    office = await doors.account(("office", None))
    path = f"/suppliers/{supplier_id}/price-lists/{number}/publication"
    return await doors.client.post(path, headers=office)


async def in_force(doors: Doors, supplier_id: UUID, content: bytes) -> dict[str, Any]:
    staged = await load(doors, supplier_id, content)
    assert staged.status_code == 201, staged.text
    published = await publish(doors, supplier_id, staged.json()["number"])
    assert published.status_code == 200, published.text
    return published.json()


async def names_on_sale(doors: Doors) -> list[str]:
    reader = await doors.account(("requester", new_id()))
    answer = await doors.client.get("/articles", headers=reader)
    assert answer.status_code == 200, answer.text
    return [article["name"] for article in answer.json()["articles"]]


def counts(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(answer[name] for name in ("added", "changed", "unchanged", "withdrawn"))


async def test_office_loads_a_list_and_publishes_it(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    content = csv_of({}, {"name": "Locher"})
    staged = await load(doors, supplier_id, content)
    assert staged.status_code == 201, staged.text
    assert (staged.json()["number"], staged.json()["status"]) == (1, "staged")
    assert staged.json()["content_sha256"] == hashlib.sha256(content).hexdigest()
    assert counts(staged.json()) == (2, 0, 0, 0)
    assert await names_on_sale(doors) == []
    assert await doors.announced() == []
    published = await publish(doors, supplier_id, 1)
    assert published.status_code == 200, published.text
    assert published.json()["status"] == "in_force"
    assert await names_on_sale(doors) == ["Kopierpapier, Format A4, 80 g/m², weiß", "Locher"]
    assert await doors.announced() == ["VersionPublished"]


async def test_the_next_list_says_what_it_changes(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    await in_force(doors, supplier_id, csv_of({}, {}, {}))
    new = {"article_number": "BR-9"}
    staged = await load(doors, supplier_id, csv_of({}, {"unit_price_net": "5"}, new))
    assert counts(staged.json()) == (1, 1, 1, 1)
    published = await publish(doors, supplier_id, 2)
    assert counts(published.json()) == (1, 1, 1, 1)
    office = await doors.account(("procurement", None))
    path = f"/suppliers/{supplier_id}/price-lists"
    lists = (await doors.client.get(path, headers=office)).json()
    assert [(price_list["number"], price_list["status"]) for price_list in lists] == [
        (2, "in_force"),
        (1, "superseded"),
    ]
    older = (await doors.client.get(path, params={"before": 2}, headers=office)).json()
    assert [price_list["number"] for price_list in older] == [1]


async def test_publishing_twice_is_once_and_an_older_list_is_a_conflict(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    await load(doors, supplier_id, csv_of({}))
    await load(doors, supplier_id, csv_of({}, {}))
    first = await publish(doors, supplier_id, 2)
    again = await publish(doors, supplier_id, 2)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await doors.announced() == ["VersionPublished"]
    late = await publish(doors, supplier_id, 1)
    assert (late.status_code, late.json()["code"]) == (409, "price_list_superseded")


async def test_a_bad_list_names_its_rows_and_stores_nothing(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    refused = await load(doors, supplier_id, csv_of({}, {"cpv": "1"}, {"gtin": "2"}))
    assert (refused.status_code, refused.json()["code"]) == (422, "price_list_invalid")
    assert refused.json()["rows_total"] == 2
    assert refused.json()["rows"][0] == {
        "row": 3,
        "column": "cpv",
        "code": "cpv_invalid",
        "detail": "Ein CPV-Code hat genau acht Ziffern.",
    }
    staged = await load(doors, supplier_id, csv_of({}))
    assert staged.json()["number"] == 1


async def test_the_same_key_and_list_is_staged_once(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    sent = await doors.account(("office", None)) | CSV | key()
    path = f"/suppliers/{supplier_id}/price-lists"
    first = await doors.client.post(path, content=csv_of({}), headers=sent)
    again = await doors.client.post(path, content=csv_of({}), headers=sent)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await doors.client.post(path, content=csv_of({}, {}), headers=sent)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_supplier_nobody_knows_has_no_price_lists(
    doors: Doors, csv_of: Callable[..., bytes]
):
    office = await doors.account(("office", None))
    unknown = new_id()
    answers = [
        await load(doors, unknown, csv_of({})),
        await publish(doors, unknown, 1),
        await doors.client.get(f"/suppliers/{unknown}/price-lists", headers=office),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "supplier_unknown")
    ] * 3


async def test_a_number_nobody_staged_is_unknown(doors: Doors, supplier: Callable[..., Any]):
    refused = await publish(doors, await supplier(), 1)
    assert (refused.status_code, refused.json()["code"]) == (404, "price_list_unknown")


@pytest.mark.parametrize("role", ["procurement", "operator"])
async def test_only_the_office_loads_and_publishes(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes], role: str
):
    supplier_id = await supplier()
    other = await doors.account((role, None))
    path = f"/suppliers/{supplier_id}/price-lists"
    loaded = await doors.client.post(path, content=csv_of({}), headers=other | CSV | key())
    published = await doors.client.post(f"{path}/1/publication", headers=other)
    assert (loaded.status_code, published.status_code) == (403, 403)


async def test_members_cannot_see_price_lists(doors: Doors, supplier: Callable[..., Any]):
    requester = await doors.account(("requester", new_id()))
    path = f"/suppliers/{await supplier()}/price-lists"
    assert (await doors.client.get(path, headers=requester)).status_code == 403


async def test_without_a_token_nobody_searches(doors: Doors):
    answer = await doors.client.get("/articles")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


async def test_a_list_larger_than_other_bodies_gets_in(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    content = csv_of(*({"description": "x" * 3_900} for _ in range(400)))
    assert len(content) > 1_000_000
    assert (await load(doors, await supplier(), content)).status_code == 201


async def test_who_loaded_and_who_published_are_both_on_record(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    staged = (await load(doors, supplier_id, csv_of({}))).json()
    assert (staged["published_by"], staged["published_at"]) == (None, None)
    published = (await publish(doors, supplier_id, 1)).json()
    assert published["staged_by"] == staged["staged_by"]
    assert published["published_by"] not in {None, staged["staged_by"]}
    again = (await publish(doors, supplier_id, 1)).json()
    assert again["published_by"] == published["published_by"]


async def test_an_article_that_returns_is_the_same_article(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    reader = await doors.account(("requester", new_id()))
    await in_force(doors, supplier_id, csv_of({}, {}))
    before = (await doors.client.get("/articles?q=BR-2", headers=reader)).json()["articles"][0]
    assert counts(await in_force(doors, supplier_id, csv_of({}))) == (0, 0, 1, 1)
    assert counts(await in_force(doors, supplier_id, csv_of({}, {}))) == (1, 0, 1, 0)
    after = (await doors.client.get("/articles?q=BR-2", headers=reader)).json()["articles"][0]
    assert after["article_id"] == before["article_id"]
    assert (after["version"], after["price_list"]) == (3, 3)


async def test_a_list_in_force_touches_no_other_supplier(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    first, second = await supplier(), await supplier()
    await in_force(doors, first, csv_of({"name": "Locher"}, {"name": "Hefter"}))
    await in_force(doors, second, csv_of({"name": "Ordner"}))
    assert counts(await in_force(doors, second, csv_of({"name": "Mappe"}))) == (0, 1, 0, 0)
    assert await names_on_sale(doors) == ["Hefter", "Locher", "Mappe"]


async def test_what_was_staged_first_is_compared_again_when_it_is_published(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    await in_force(doors, supplier_id, csv_of({}))
    price = {"unit_price_net": "5"}
    await load(doors, supplier_id, csv_of(price))
    staged = await load(doors, supplier_id, csv_of(price, {}))
    assert counts(staged.json()) == (1, 1, 0, 0)
    await publish(doors, supplier_id, 2)
    published = await publish(doors, supplier_id, 3)
    assert counts(published.json()) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/suppliers/x/price-lists", "supplier_id"),
        ("/suppliers/{supplier_id}/price-lists?before=0", "before"),
        ("/suppliers/{supplier_id}/price-lists?limit=501", "limit"),
        ("/articles/x", "article_id"),
    ],
)
async def test_what_cannot_be_asked_names_its_field(
    doors: Doors, supplier: Callable[..., Any], path: str, field: str
):
    office = await doors.account(("office", None))
    asked = path.replace("{supplier_id}", str(await supplier()))
    refused = await doors.client.get(asked, headers=office)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


@pytest.mark.parametrize("number", ["0", "2000000001", "eins"])
async def test_no_list_has_such_a_number(doors: Doors, supplier: Callable[..., Any], number: str):
    office = await doors.account(("office", None))
    path = f"/suppliers/{await supplier()}/price-lists/{number}/publication"
    refused = await doors.client.post(path, headers=office)
    assert (refused.status_code, refused.json()["field"]) == (422, "number")
