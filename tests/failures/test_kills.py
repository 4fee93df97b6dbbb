"""500 orders by 16 clients while everything is killed once; and a build without its inbox."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from deploy.local.deployment import Deployment
from deploy.local.services import SERVICES as PROGRAMS
from deploy.local.services import Service
from tests.failures.broker import Duplicator
from tests.failures.invariants import at_rest, violations
from tests.failures.load import Log, clients, supplier
from tests.market import Market, seed
from tests.running import Platform, running

SEED = int(os.environ.get("MARKTBUND_SEED", "20261122"))
VICTIMS = (*(program.name for program in PROGRAMS), "kafka")


@asynccontextmanager
async def trade(platform: Platform, market: Market, log: Log, share: float):
    """Suppliers and a duplicator at work."""
    duplicator = Duplicator(
        platform.engines.kafka.admin, platform.deployment.prefix, share, random.Random(SEED)
    )
    async with AsyncExitStack() as stack:
        for work in (duplicator.run(), *(supplier(platform, market, log, i) for i in range(3))):
            task = asyncio.create_task(work)
            stack.push_async_callback(asyncio.gather, task, return_exceptions=True)
            stack.callback(task.cancel)
        yield duplicator


async def kill_everything_once(platform: Platform, log: Log, orders: int) -> list[str]:
    """SIGKILL each victim when its share of the orders is placed."""
    rng = random.Random(SEED)
    victims = rng.sample(VICTIMS, len(VICTIMS))
    killed = []
    for turn, victim in enumerate(victims):
        due = (turn + 1) * orders // (len(victims) + 1)
        while len(log.placed) < due:
            await asyncio.sleep(0.02)
        os.kill(platform.process(victim).pid, signal.SIGKILL)
        killed.append(victim)
    return killed


@pytest.fixture
def whole() -> Iterator[Platform]:
    """Started and stopped outside the event loop."""
    with running(Deployment("kills", "kills_", "test")) as platform:
        yield platform


@pytest.fixture
def forgetful() -> Iterator[Platform]:
    """The same with a tender-planning that has no inbox."""
    services = _planted(PROGRAMS, "tender_planning", "tests.failures.planted.no_inbox")
    with running(Deployment("planted", "planted_", "test", services)) as platform:
        yield platform


async def _under_fire(
    platform: Platform, market: Market, log: Log, orders: int
) -> tuple[list[str], list[str], Duplicator]:
    async with trade(platform, market, log, 0.05) as duplicator:
        _, killed = await asyncio.gather(
            clients(platform, market, log, orders=orders, number=16, seed=SEED),
            kill_everything_once(platform, log, orders),
        )
        await at_rest(platform, log)
    await at_rest(platform, log)
    return await violations(platform, log), killed, duplicator


async def test_every_accepted_order_survives_the_kills(
    whole: Platform, capsys: pytest.CaptureFixture[str]
):
    orders = 500
    log = Log()
    async with whole.http:
        market = await seed(whole)
        broken, killed, duplicator = await _under_fire(whole, market, log, orders)
    with capsys.disabled():
        print(
            f"\nkills: seed={SEED} orders={len(log.placed)} killed={','.join(killed)} "
            f"retries={log.retries} produced_twice={duplicator.produced} violations={len(broken)}"
        )
    assert broken == []
    assert len(log.placed) == orders
    assert sorted(killed) == sorted(VICTIMS)
    assert duplicator.produced > 0


def _planted(services: Sequence[Service], name: str, module: str) -> tuple[Service, ...]:
    return tuple(
        replace(service, arguments=("-m", module)) if service.name == name else service
        for service in services
    )


async def test_a_build_without_the_inbox_is_found_out(forgetful: Platform):
    log = Log()
    async with forgetful.http:
        market = await seed(forgetful)
        async with trade(forgetful, market, log, 0.05) as duplicator:
            await clients(forgetful, market, log, orders=150, number=8, seed=SEED)
            await at_rest(forgetful, log)
        await at_rest(forgetful, log)
        broken = await violations(forgetful, log)
    assert duplicator.produced > 0
    assert any("tender-planning" in each or "demand" in each for each in broken)
