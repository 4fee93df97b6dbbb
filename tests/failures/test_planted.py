"""Planted faults turn their invariant red; the sound build passes the same scenarios."""

import os
from collections.abc import AsyncIterator

import pytest

from tests.failures.scenarios import PLANTS, QUICK, play
from tests.failures.stage import Stage, opened
from tests.market import Market
from tests.running import Platform

CHOSEN = tuple(PLANTS) if os.environ.get("MARKTBUND_PLANTS") == "all" else QUICK


@pytest.fixture(scope="module")
async def stage(platform: Platform, market: Market) -> AsyncIterator[Stage]:
    async with opened(platform, market, 20261122) as made:
        yield made


@pytest.mark.parametrize("name", CHOSEN)
async def test_the_sound_build_passes(name: str, stage: Stage):
    assert await play(stage, PLANTS[name], planted=False) == {}


@pytest.mark.parametrize("name", CHOSEN)
async def test_a_planted_fault_is_found_out(name: str, stage: Stage):
    broken = await play(stage, PLANTS[name], planted=True)
    assert PLANTS[name].breaks in broken
