from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import pytest

from deploy.local.deployment import Deployment
from tests.market import Market, seed
from tests.running import Platform, running


@pytest.fixture(scope="session")
def split(hold: Callable[[AbstractContextManager[Platform]], Platform]) -> Platform:
    """Doors and workers as processes of their own; started and stopped outside the event loop."""
    return hold(running(Deployment("failures", "failures_", "test", split=True)))


@pytest.fixture(scope="session")
async def platform(split: Platform) -> AsyncIterator[Platform]:
    async with split.http:
        yield split


@pytest.fixture(scope="session")
async def market(platform: Platform) -> Market:
    return await seed(platform)
