"""The doors of catalog, on real PostgreSQL as the app role."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

CSV = {"Content-Type": "text/csv; charset=utf-8"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def load(doors: Doors, supplier_id: UUID, content: bytes, **headers: str) -> httpx.Response:
    office = await doors.account(("office", None))
    sent = office | CSV | key() | headers
    place = f"/suppliers/{supplier_id}/price-lists"
    return await doors.client.post(place, content=content, headers=sent)


async def publish(doors: Doors, supplier_id: UUID, number: int) -> httpx.Response:
    office = await doors.account(("office", None))
    place = f"/suppliers/{supplier_id}/price-lists/{number}/publication"
    return await doors.client.post(place, headers=office)


async def in_force(doors: Doors, supplier_id: UUID, content: bytes) -> dict[str, Any]:
    staged = await load(doors, supplier_id, content)
    assert staged.status_code == 201, staged.text
    published = await publish(doors, supplier_id, staged.json()["number"])
    assert published.status_code == 200, published.text
    return published.json()


async def found(doors: Doors, **search: Any) -> list[str]:
    reader = await doors.account(("requester", new_id()))
    answer = await doors.client.get("/articles", params=search, headers=reader)
    assert answer.status_code == 200, answer.text
    return [article["name"] for article in answer.json()["articles"]]


def counts(answer: dict[str, Any]) -> tuple[int, ...]:
    return tuple(answer[name] for name in ("added", "changed", "unchanged", "withdrawn"))


async def test_office_loads_a_list_and_publishes_it(
    doors: Doors, supplier: Callable[..., Any], csv_of: Callable[..., bytes]
):
    supplier_id = await supplier()
    staged = await load(doors, supplier_id, csv_of({}, {"name": "Locher"}))
    assert staged.status_code == 201, staged.text
    assert (staged.json()["number"], staged.json()["status"]) == (1, "staged")
    assert counts(staged.json()) == (2, 0, 0, 0)
    assert await found(doors) == []
    published = await publish(doors, supplier_id, 1)
    assert published.status_code == 200, published.text
    assert published.json()["status"] == "in_force"
    assert await found(doors) == ["Kopierpapier, Format A4, 80 g/m², weiß", "Locher"]
    assert await doors.announced() == ["VersionPublished"]
