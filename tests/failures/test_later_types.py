"""A type of the release after this one: declared and off, then on before its reader is out."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from tests.failures import processes, readers_first
from tests.failures.stage import Stage, opened
from tests.market import Market
from tests.running import Platform, eventually

NUMBER = 8
"""Orders placed in each state of the flag."""
PLANNING = processes.worker("tender_planning")
COUNTED = "applied + suppressed + skipped + parked + discarded = records in the log"


@pytest.fixture
async def stage(platform: Platform, market: Market) -> AsyncIterator[Stage]:
    async with opened(platform, market, 20261202) as made:
        yield made
    await readers_first.run_later(platform)


async def placed_under_fire(stage: Stage, victim: str) -> set[str]:
    """Place orders while a program is killed; the supplier orders that came of them."""
    before = stage.log.shares
    task = asyncio.create_task(stage.place(NUMBER))
    processes.send(await processes.freeze(stage.platform, victim), signal.SIGKILL)
    await task
    await stage.settled()
    return stage.log.shares - before


async def test_a_new_type_is_held_back_then_passed_by_then_read_by_who_knows_it(stage: Stage):
    platform = stage.platform
    await readers_first.make_table(platform)

    await readers_first.run_later(platform, "orders")
    assert await placed_under_fire(stage, "orders")
    assert await stage.newly_broken() == {}
    off = await readers_first.traces(platform)
    assert (off.filed, set(off.skipped.values())) == ({}, {0})

    await readers_first.run_later(platform, "orders", flags=(readers_first.FLAG,))
    shares = await placed_under_fire(stage, PLANNING)
    assert await stage.newly_broken() == {}
    on = await readers_first.traces(platform)
    assert on.filed == dict.fromkeys(shares, 1)
    assert on.written == {}
    assert on.skipped["tender-planning"] >= len(shares)
    assert on.skipped["supplier-gateway"] >= len(shares)
    assert on.skipped["documentation"] == 0
    assert await readers_first.alarms(platform, PLANNING) == []

    later = ("orders", PLANNING)
    await readers_first.run_later(platform, *later, flags=(readers_first.FLAG,))
    (alarm,) = await readers_first.alarms(platform, PLANNING)
    assert float(alarm.rpartition(" ")[2]) == on.skipped["tender-planning"]
    await asyncio.to_thread(readers_first.reread, platform, "tender_planning")
    await eventually(lambda: written(stage), lambda number: number >= len(shares))
    shares |= await placed_under_fire(stage, PLANNING)
    repaired = await readers_first.traces(platform)
    assert repaired.written == dict.fromkeys(shares, 1)
    assert repaired.filed == dict.fromkeys(shares, 1)
    assert await readers_first.alarms(platform, PLANNING) == []
    # What was read again is in the log once.
    assert set(await stage.newly_broken()) <= {COUNTED}


async def written(stage: Stage) -> int:
    return len((await readers_first.traces(stage.platform)).written)
