"""A rolling upgrade: doors of one state beside workers of the other, while orders flow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.failures.load import Clients
from tests.failures.releases import BEFORE, Role, has, imported, run_from, unpack
from tests.failures.stage import Stage, opened
from tests.market import Market
from tests.running import Platform

CLIENTS = Clients(number=3, seed=20261201, most_lines=4, think=0.3)
FEWEST = 10
"""Orders that are placed while two states run beside each other."""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    unpack(BEFORE, folder)
    return folder


@pytest.fixture(scope="module")
async def stage(platform: Platform, market: Market) -> AsyncIterator[Stage]:
    async with opened(platform, market, 20261201) as made:
        yield made


async def flow(stage: Stage, over: asyncio.Event, beside: int) -> None:
    """Place orders until it is over and so many were placed."""

    def more() -> bool:
        return not over.is_set() or len(stage.log.placed) < beside

    await CLIENTS.place(stage.doors, stage.market, stage.log, more)


@pytest.mark.skipif(
    not has(BEFORE),
    reason="a shallow clone has no state before; decided 2026-12-01: git fetch --unshallow",
)
@pytest.mark.parametrize("role", ["api", "worker"])
async def test_nothing_is_lost_while_a_role_runs_from_the_state_before(
    role: Role, stage: Stage, before: Path
):
    over, placed = asyncio.Event(), len(stage.log.placed)
    async with asyncio.TaskGroup() as group:
        group.create_task(flow(stage, over, placed + FEWEST))
        await run_from(stage.platform, before, role)
        for module in ("orders.domain", "marktbund.unit_of_work"):
            assert imported(stage.platform, "orders", role, module).startswith(str(before))
        beside = len(stage.log.placed)
        while len(stage.log.placed) < beside + FEWEST:
            await asyncio.sleep(0.1)
        await run_from(stage.platform, None, role)
        over.set()
    await stage.settled()
    assert await stage.newly_broken() == {}
    assert len(stage.log.placed) >= placed + FEWEST
