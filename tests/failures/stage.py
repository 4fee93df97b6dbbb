"""Where short scenarios are played: one platform, one log, and what was broken before each."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from deploy.devstack.deployment import Deployment
from tests.failures import processes
from tests.failures.broker import Duplicator
from tests.failures.campaign import trade
from tests.failures.doors import Doors
from tests.failures.evidence import Evidence, collect
from tests.failures.invariants import violations
from tests.failures.load import Log, order
from tests.failures.poison import Poison
from tests.failures.rest import undelivered
from tests.failures.watch import Watch
from tests.market import Market
from tests.running import Platform

DEPLOYMENT = Deployment("failures", "failures_", "test", split=True)
_STILL, _STUCK = 1.5, 15.0
"""Seconds without change: with nothing left to do, and with something."""


@dataclass
class Stage:
    """What scenarios share. `known`: sentences about promises that were broken before."""

    platform: Platform
    market: Market
    log: Log
    doors: Doors
    poison: Poison
    watch: Watch
    rng: random.Random
    known: set[str] = field(default_factory=set)

    async def place(self, number: int) -> None:
        """Place orders of several suppliers, all at once."""
        await asyncio.gather(
            *(order(self.doors, self.market, self.log, self.rng, 4) for _ in range(number))
        )

    def duplicator(self, share: float) -> Duplicator:
        kafka, prefix = self.platform.engines.kafka.admin, self.platform.deployment.prefix
        return Duplicator(kafka, prefix, share, self.rng, self.poison)

    @asynccontextmanager
    async def session(self, package: str) -> AsyncIterator[asyncpg.Connection]:
        """A superuser in a service's database."""
        url = self.platform.engines.postgres.url(self.platform.deployment.prefix + package)
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()

    async def settled(self) -> None:
        """Wait until nothing is unsent or unread, twice in a row, or until nothing moves.

        What a planted fault loses, stays lost; the invariants will say it.
        """
        left: dict[str, int] = {"asked": 0}
        since = time.monotonic()
        while True:
            before, left = left, await undelivered(self.platform)
            if left != before:
                since = time.monotonic()
            if time.monotonic() - since > (_STUCK if left else _STILL):
                return
            await asyncio.sleep(0.3)

    async def newly_broken(self) -> dict[str, list[str]]:
        """Invariant -> how it was broken since the last time somebody asked."""
        evidence = Evidence(self.log, self.poison, self.watch, 0.0)
        broken = violations(await collect(self.platform, evidence))
        fresh = {
            name: new
            for name, sentences in broken.items()
            if (new := [sentence for sentence in sentences if sentence not in self.known])
        }
        self.known.update(*broken.values())
        return fresh


@asynccontextmanager
async def opened(platform: Platform, market: Market, seed: int) -> AsyncIterator[Stage]:
    """A stage with suppliers at work; every order the platform knows is in its log."""
    rng = random.Random(seed)
    poison = Poison(platform.deployment.prefix, rng)
    doors = Doors(platform)
    stage = Stage(platform, market, Log(), doors, poison, Watch(platform), rng)
    await processes.ready(platform)
    async with trade(doors, market, stage.log, stage.duplicator(0.0), stage.watch):
        await stage.settled()
        await stage.newly_broken()
        yield stage
