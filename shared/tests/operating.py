"""What tests of the operator's doors share: who asks, and a handler to replay into."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marktbund.envelope import Received
from marktbund.testing.fixtures import Doors
from marktbund.unit_of_work import UnitOfWork

PATH = "/operations/dead-letters"


class Handled:
    """A handler that refuses one version, until told otherwise."""

    def __init__(self) -> None:
        self.refuse = 0
        self.versions: list[int] = []

    async def __call__(self, records: Sequence[Received], _: UnitOfWork) -> None:
        for record in records:
            if record.aggregate_version == self.refuse:
                raise ValueError("not this one")
            self.versions.append(record.aggregate_version)


class Operator:
    """Asks as an operator; answers are status and body."""

    def __init__(self, doors: Doors, header: dict[str, str]) -> None:
        self.doors = doors
        self.header = header

    async def ask(self, method: str, path: str, **how: Any) -> tuple[int, Any]:
        answer = await self.doors.client.request(method, path, headers=self.header, **how)
        return answer.status_code, answer.json() if answer.content else None

    async def ids(self, key: UUID, **more: str) -> list[str]:
        _, letters = await self.ask("GET", PATH, params={"key": str(key), **more})
        return [letter["id"] for letter in letters]
