"""What the processes show while faults strike: memory, and whether who is ready also works."""

import asyncio
import re
from dataclasses import dataclass, field

import httpx

from deploy.devstack.program import Program
from tests.failures import processes
from tests.running import Platform

CEILING_MB = 400.0
"""Resident memory that no process of a service may exceed."""
_EVERY = 5.0
_DEAD = re.compile(r'marktbund_task_alive\{[^}]*task="([^"]+)"[^}]*\} 0\.0')
_POLL = re.compile(r"marktbund_consumer_poll_age_seconds(?:\{[^}]*\})? ([0-9.e+-]+)")
_LONGEST_POLL = 75.0
"""Seconds; readiness itself gives up after 60."""


@dataclass
class Watch:
    """Peaks and contradictions, seen so far."""

    platform: Platform
    peaks: dict[str, float] = field(default_factory=dict)
    """Program -> MB."""
    dead_while_ready: list[str] = field(default_factory=list)
    looks: int = 0

    async def run(self) -> None:
        """Look again and again; to be cancelled."""
        async with httpx.AsyncClient(timeout=2) as http:
            while True:
                await self.look(http)
                await asyncio.sleep(_EVERY)

    async def look(self, http: httpx.AsyncClient) -> None:
        """One look at every process."""
        for name, size in processes.memory(self.platform).items():
            self.peaks[name] = max(size, self.peaks.get(name, 0.0))
        for program in processes.programs(self.platform):
            if "-worker" in program.name:
                await self._look_at(http, program)

    async def _look_at(self, http: httpx.AsyncClient, program: Program) -> None:
        try:
            before = await http.get(f"http://{program.address}/health/ready")
            metrics = (await http.get(f"http://{program.address}/metrics")).text
            after = await http.get(f"http://{program.address}/health/ready")
        except httpx.HTTPError:
            return
        if before.status_code == after.status_code == 200:
            self.looks += 1
            self.dead_while_ready += [
                f"{program.name}: {contradiction}" for contradiction in contradicted(metrics)
            ]


def contradicted(metrics: str) -> list[str]:
    """What a ready worker's metrics say against its readiness."""
    contradictions = [f"task {name} is dead" for name in _DEAD.findall(metrics)]
    age = _POLL.search(metrics)
    if age is not None and float(age[1]) > _LONGEST_POLL:
        contradictions.append(f"no poll for {float(age[1]):.0f} s")
    return contradictions
