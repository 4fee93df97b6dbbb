"""The office's desk: agreements entered, confirmed and changed through the doors."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

NOON = "2026-05-04T12:00:00+02:00"


@dataclass
class Office:
    """Two people of the office, and the member and article the agreements are about."""

    doors: Doors
    first: Mapping[str, str]
    second: Mapping[str, str]
    member_id: UUID
    supplier_id: UUID
    article_id: UUID

    def terms(self, **different: Any) -> dict[str, Any]:
        """An open agreement of one lot: paper at 12.00, at most 100,000 EUR and 9,000 packs."""
        position = {
            "position_no": 1,
            "comparable_group": "gtin:2893779877144",
            "article_id": str(self.article_id),
            "description": "Papier",
            "order_unit": "XPK",
            "unit_price_net": "12.0000",
        }
        lot = {
            "lot_no": 1,
            "title": "Papier",
            "supplier_id": str(self.supplier_id),
            "positions": [position],
            "ceilings": [{"value_net": "100000.00", "quantity": "9000"}],
        }
        usual = {"title": "Papier 2026", "binding": "exclusive", "starts_on": "2026-01-01"}
        usual |= {"ends_on": "2028-12-31", "later_members": "", "lots": [lot]}
        usual |= {"entitled": [{"member_id": str(self.member_id), "entitled_from": "2026-01-01"}]}
        return usual | different

    async def post(
        self, path: str, body: Any = None, *, second: bool = False, **headers: str
    ) -> httpx.Response:
        """At noon of 2026-05-04; `headers` with _ for -."""
        usual = {"Idempotency-Key": str(new_id()), "Business-Time": NOON}
        usual |= self.second if second else self.first
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.doors.client.post(path, json=body, headers=usual)

    async def put(self, path: str, body: Any) -> httpx.Response:
        usual = {"Business-Time": NOON} | dict(self.second)
        return await self.doors.client.put(path, json=body, headers=usual)

    async def get(self, path: str) -> Any:
        answer = await self.doors.client.get(path, headers=self.first)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def drafted(self, **different: Any) -> dict[str, Any]:
        answer = await self.post("/agreements", self.terms(**different))
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def in_force(self, **different: Any) -> dict[str, Any]:
        draft = await self.drafted(**different)
        path = f"/agreements/{draft['agreement_id']}/confirmation"
        answer = await self.post(path, second=True)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def changed(self, agreement_id: str, content: Any, **change: Any) -> httpx.Response:
        """Proposed by the first person, approved by the second; the last answer."""
        path = f"/agreements/{agreement_id}/changes"
        body = {"effective_on": "2026-05-04", "basis": "Nr. 7", "content": content} | change
        proposed = await self.post(path, body)
        if proposed.status_code != 201:
            return proposed
        return await self.post(f"{path}/{proposed.json()['change_no']}/approval", second=True)


async def opened(desk: Any) -> Office:
    """The office over a desk: its member, its paper and who sells it."""
    query = "SELECT supplier_id FROM article WHERE name = 'Papier'"
    supplier_id = (await desk.uow.connection.exec_driver_sql(query)).scalar_one()
    people = [await desk.doors.account(("office", None)) for _ in range(2)]
    return Office(desk.doors, *people, desk.member_id, supplier_id, desk.paper)


@pytest.fixture
def open_office() -> Callable[[Any], Awaitable[Office]]:
    return opened


@pytest.fixture
async def office(desk) -> Office:
    return await opened(desk)
