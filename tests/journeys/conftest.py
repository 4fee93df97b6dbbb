from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.deployment import Deployment
from tests.market import Market, seed
from tests.running import Platform, running


@pytest.fixture(scope="session")
def deployed() -> Iterator[Platform]:
    with running(Deployment("journey", "journey_", "test")) as started:
        yield started


@pytest.fixture(scope="session")
async def platform(deployed: Platform) -> AsyncIterator[Platform]:
    async with deployed.http:
        yield deployed


@pytest.fixture(scope="session")
async def market(platform: Platform) -> Market:
    return await seed(platform)
