from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import pytest

from tests.clock import Clock, settable
from tests.failures.stage import DEPLOYMENT
from tests.market import Market, seed
from tests.running import Platform, running


@pytest.fixture(scope="session")
def clock(hold: Callable[[AbstractContextManager[Clock | None]], Clock | None]) -> Clock | None:
    return hold(settable())


@pytest.fixture(scope="session")
def split(
    clock: Clock | None, hold: Callable[[AbstractContextManager[Platform]], Platform]
) -> Platform:
    """Doors and workers as processes of their own; started and stopped outside the event loop."""
    return hold(running(DEPLOYMENT, clock=clock))


@pytest.fixture(scope="session")
async def platform(split: Platform) -> AsyncIterator[Platform]:
    async with split.http:
        yield split


@pytest.fixture(scope="session")
async def market(platform: Platform) -> Market:
    return await seed(platform)
