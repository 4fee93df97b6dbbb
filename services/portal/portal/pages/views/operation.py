"""How every service stands: ready, what waits to be sent, how far it has heard, dead letters."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from marktbund.operations import StatusAnswer
from portal.clients.services import Caller, Refused, Services, Unavailable


@dataclass(frozen=True, slots=True)
class ServiceReadiness:
    """One service; `status` is None where it could not be asked."""

    name: str
    ready: bool
    trouble: Mapping[str, str]
    status: StatusAnswer | None

    @property
    def parked(self) -> int:
        """Dead letters that wait for a decision."""
        return sum(topic.parked for topic in self.status.progress) if self.status else 0


async def overview(services: Services, caller: Caller) -> list[ServiceReadiness]:
    """All services, asked side by side."""
    return list(await asyncio.gather(*(_readiness(services, caller, n) for n in services.names())))


async def _readiness(services: Services, caller: Caller, name: str) -> ServiceReadiness:
    health = await services.ready(name)
    try:
        status = await services.read(caller, name, "/operations/status", StatusAnswer)
    except (Refused, Unavailable):
        status = None
    ready = health.status == "ready"
    trouble = health.trouble or ({} if ready else {"Dienst": "keine Antwort"})
    return ServiceReadiness(name.replace("_", "-"), ready, trouble, status)
