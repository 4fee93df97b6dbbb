"""How every service stands: ready, what waits to be sent, how far it has heard, dead letters."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.clients.services import Caller, Refused, Services, Unavailable


@dataclass(frozen=True, slots=True)
class ServiceReadiness:
    """One service; `status` is None where it could not be asked."""

    name: str
    ready: bool
    trouble: Mapping[str, str]
    status: dict[str, Any] | None

    @property
    def parked(self) -> int:
        """Dead letters that wait for a decision."""
        return sum(int(each["parked"]) for each in self.status["progress"]) if self.status else 0


async def overview(services: Services, caller: Caller) -> list[ServiceReadiness]:
    """All services, asked side by side."""
    return list(await asyncio.gather(*(_one(services, caller, n) for n in services.names())))


async def _one(services: Services, caller: Caller, name: str) -> ServiceReadiness:
    health = await services.ready(name)
    try:
        status = await services.ask(caller, name, "/operations/status")
    except (Refused, Unavailable):
        status = None
    ready = health.status == "ready"
    trouble = health.trouble or ({} if ready else {"Dienst": "keine Antwort"})
    return ServiceReadiness(name.replace("_", "-"), ready, trouble, status)
