"""The small form of `make drill`: every step of the restore runbook, every figure compared."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.deployment import Deployment
from tests.drill.steps import drill
from tests.failures.stage import Stage, opened
from tests.market import seed
from tests.running import Platform, running


@pytest.fixture
def deployed() -> Iterator[Platform]:
    """Started and stopped outside the event loop."""
    with running(Deployment("drill", "drill_", "test")) as platform:
        yield platform


@pytest.fixture
async def stage(deployed: Platform) -> AsyncIterator[Stage]:
    async with deployed.http:
        market = await seed(deployed)
        async with opened(deployed, market, 7) as made:
            yield made


@pytest.mark.timeout(900)
async def test_what_was_lost_comes_back_or_is_given_up_by_name(stage: Stage):
    steps: list[str] = []
    outcome = await drill(stage, 5, steps.append)
    assert outcome.wrong == [], "\n".join(steps)
    assert outcome.closed == ["supplier-gateway", "documentation", "orders"]
    # Those placed after the dump, and of those placed meanwhile what it did not see.
    assert 5 <= len(outcome.given_up) <= 10
    assert outcome.breaks == 4
    assert outcome.taken_over > 0
