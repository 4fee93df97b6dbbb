"""A campaign: orders flow through the public doors while faults strike; then the reckoning."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from tests.failures.broker import Duplicator
from tests.failures.doors import Doors
from tests.failures.evidence import Evidence, collect
from tests.failures.faults import Faults
from tests.failures.load import Clients, Log, supplier
from tests.failures.poison import Poison
from tests.failures.rest import at_rest
from tests.failures.schedule import Fault, draw
from tests.failures.watch import Watch
from tests.market import Market
from tests.running import Platform

SHARE_TWICE = 0.05
_STANDSTILL = 12.0
"""Seconds after which the next fault strikes although nothing moves."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """So many orders at least, so many faults; `pause`: seconds between two faults at least.

    lines: the most that an order has; think: seconds a client waits after each order.
    """

    name: str
    orders: int
    faults: int
    clients: int
    pause: float
    lines: int
    think: float = 0.0
    seconds: float = float("inf")
    """The longest time; what is not struck or placed by then stays out, and is missed."""


SMALL = Size("small", orders=240, faults=16, clients=8, pause=0.5, lines=4, think=0.5)
FULL = Size("full", orders=20_000, faults=200, clients=24, pause=1.0, lines=2)


@dataclass
class Outcome:
    """What a campaign did and what was found afterwards."""

    size: Size
    seed: int
    seconds: float
    faults: Faults
    duplicator: Duplicator
    evidence: Evidence


@asynccontextmanager
async def trade(
    doors: Doors, market: Market, log: Log, duplicator: Duplicator, watch: Watch
) -> AsyncIterator[None]:
    """Suppliers at work, records produced twice, an eye on the processes."""
    async with AsyncExitStack() as stack:
        stack.callback(doors.close)
        sellers = [supplier(doors, market, log, index) for index in range(3)]
        at_work = [
            asyncio.create_task(coroutine)
            for coroutine in (duplicator.run(), watch.run(), *sellers)
        ]
        for task in at_work:
            stack.push_async_callback(asyncio.gather, task, return_exceptions=True)
            stack.callback(task.cancel)
        yield
        for task in at_work:
            if task.done():
                task.result()  # it should have gone on: what ended it is raised here


async def run(
    platform: Platform, market: Market, size: Size, seed: int, say: Say = lambda _: None
) -> Outcome:
    """Strike while orders flow, wait for rest, collect what the invariants need."""
    begun = time.monotonic()
    prefix, kafka = platform.deployment.prefix, platform.engines.kafka.admin
    log, rng = Log(), random.Random(seed)
    poison, watch = Poison(prefix, rng), Watch(platform)
    doors = Doors(platform)
    faults = Faults(platform, doors.under_way, poison)
    duplicator = Duplicator(kafka, prefix, SHARE_TWICE, rng, poison)
    drawn = draw(seed, size.faults, clock=platform.clock is not None)
    async with trade(doors, market, log, duplicator, watch):
        await _under_fire(doors, market, log, faults, _Plan(size, drawn, say))
        ended = max(faults.last, time.monotonic())
        say(f"{len(log.placed)} orders placed, waiting for rest")
        rested = await at_rest(platform, log)
    await at_rest(platform, log)
    evidence = Evidence(log, poison, watch, rested - ended)
    say("at rest, collecting evidence")
    await collect(platform, evidence)
    seconds = time.monotonic() - begun
    return Outcome(size, seed, seconds, faults, duplicator, evidence)


@dataclass
class _Plan:
    size: Size
    left: list[Fault]
    say: Say
    begun: float = field(default_factory=time.monotonic)
    struck: int = 0

    @property
    def timed_out(self) -> bool:
        return time.monotonic() - self.begun > self.size.seconds

    @property
    def step(self) -> int:
        """So many orders are placed between two faults, unless nothing moves."""
        return self.size.orders // (self.size.faults + 1)


async def _under_fire(doors: Doors, market: Market, log: Log, faults: Faults, plan: _Plan) -> None:
    size, seed = plan.size, faults.poison.rng.randrange(1 << 32)
    clients = Clients(size.clients, seed, size.lines, size.think)
    over = asyncio.Event()

    def more() -> bool:
        missing = len(log.placed) < plan.size.orders or not over.is_set()
        return missing and not plan.timed_out

    async def strike() -> None:
        try:
            await _strike(log, faults, plan)
        finally:
            over.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(clients.place(doors, market, log, more))
        group.create_task(strike())


async def _strike(log: Log, faults: Faults, plan: _Plan) -> None:
    begun = 0
    for fault in plan.left:
        due, latest = begun + plan.step, time.monotonic() + _STANDSTILL
        while len(log.placed) < due and time.monotonic() < latest:
            await asyncio.sleep(0.02)
        if plan.timed_out:
            break
        begun = len(log.placed)
        await faults.strike(fault)
        plan.struck += 1
        waiting = f"{len(log.placed)} placed, {log.waiting} unanswered"
        plan.say(f"{plan.struck}/{plan.size.faults} {fault} ({waiting})")
        await asyncio.sleep(faults.poison.rng.uniform(plan.size.pause, 2 * plan.size.pause))
    await faults.over()
