from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from deploy.local.deployment import Deployment
from deploy.local.services import MAIL, SERVICES
from tests.collector import Collector, collecting
from tests.market import Market, seed
from tests.running import Platform, running


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture(scope="session")
def deployed(
    collector: Collector, hold: Callable[[AbstractContextManager[Platform]], Platform]
) -> Platform:
    # Of its own accord nothing is traced: only what a test sends a traceparent with.
    traced = {"MARKTBUND_TRACES_URL": collector.url, "MARKTBUND_TRACES_SHARE": "0"}
    services = tuple(replace(service, environment=traced) for service in SERVICES)
    return hold(running(Deployment("journey", "journey_", "test", services, mail=MAIL)))


@pytest.fixture(scope="session")
async def platform(deployed: Platform) -> AsyncIterator[Platform]:
    async with deployed.http:
        yield deployed


@pytest.fixture(scope="session")
async def market(platform: Platform) -> Market:
    return await seed(platform)
