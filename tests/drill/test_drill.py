"""The small form of `make drill`: every step of the restore runbook, every figure compared."""

from collections.abc import AsyncIterator

import pytest

from benchmarks.stage import market_of_many
from tests.drill.steps import drill
from tests.failures.stage import Stage, opened
from tests.front import Front


@pytest.fixture
async def stage(front: Front) -> AsyncIterator[Stage]:
    """On the platform that other tests share, with members of its own."""
    platform = front.platform
    market = await market_of_many(platform, front.market, 2, "drill")
    async with opened(platform, market, 7) as made:
        yield made


@pytest.mark.timeout(900)
async def test_what_was_lost_comes_back_or_is_given_up_by_name(stage: Stage):
    steps: list[str] = []
    outcome = await drill(stage, 5, steps.append)
    assert outcome.wrong == [], "\n".join(steps)
    assert outcome.closed == ["supplier-gateway", "documentation", "orders"]
    # Those placed after the dump, and of those placed meanwhile what it did not see.
    assert 5 <= len(outcome.given_up) <= 10
    # The checkpoints, the cooperative's chain and those of both members at least.
    assert outcome.breaks >= 4
    assert outcome.taken_over > 0
