"""Who gives roles in tests: two of the office, administrations of two members, and people."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors

Headers = dict[str, str]


@dataclass
class House:
    """Two towns, two of the office; everybody else is registered through the doors."""

    doors: Doors
    office: Headers
    second: Headers
    town: str
    other: str

    async def call(self, method: str, path: str, by: Headers, body: Any = None) -> Any:
        """The answer's status and JSON."""
        headers = by | {"Idempotency-Key": str(new_id())}
        answer = await self.doors.client.request(method, path, json=body, headers=headers)
        return answer.status_code, answer.json()

    async def register(self, *grants: Any, email: str | None = None, **more: Any) -> Any:
        """A person with an address, or without ("")."""
        sub = f"sub-{new_id()}"
        address = f"{sub}@stadt.example" if email is None else email
        body = {"sub": sub, "grants": grants, **({"email": address} if address else {}), **more}
        status, person = await self.call("POST", "/persons", self.office, body)
        assert status == 201, person
        return person

    async def held(self, person_id: str) -> list[dict[str, Any]]:
        """The roles that an account holds, as every service hears it."""
        query = f"SELECT grants FROM principal WHERE person_id = '{person_id}'"
        grants = await self.doors.database.connection.exec_driver_sql(query)
        return list(grants.scalar_one())

    async def administration(self, member_id: str) -> Headers:
        """Whoever looks after a member, made beside the doors."""
        return await self.doors.account(("member_admin", UUID(member_id)))

    async def request(self, person_id: str, role: str, member_id: str | None = None) -> str:
        """The id of what waits for an account."""
        _, waiting = await self.call("GET", "/grant-requests?limit=500", self.office)
        wanted = (person_id, role, member_id)
        (request,) = (r for r in waiting if (r["person_id"], r["role"], r["member_id"]) == wanted)
        return str(request["request_id"])

    async def confirm(self, request_id: str, by: Headers, comment: str = "") -> Any:
        """Status and JSON of a yes."""
        body = {"comment": comment}
        return await self.call("POST", f"/grant-requests/{request_id}/confirmation", by, body)

    async def refuse(self, request_id: str, by: Headers, comment: str) -> Any:
        """Status and JSON of a no."""
        body = {"comment": comment}
        return await self.call("POST", f"/grant-requests/{request_id}/refusal", by, body)


async def settled(doors: Doors) -> House:
    """Two towns and the office."""
    office = await doors.account(("office", None))
    house = House(doors, office, await doors.account(("office", None)), "", "")
    for number, name in enumerate(("town", "other")):
        body = {"name": f"Stadt {number}", "legal_form": "municipality"}
        body |= {"official_key": f"0599999{number}"}
        _, member = await house.call("POST", "/members", office, body)
        setattr(house, name, member["member_id"])
    return house
