from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from benchmarks.stage import with_commit_times
from tests.collector import Collector, collecting
from tests.front import Front, opened


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture(scope="session")
def opened_front(
    hold: Callable[[AbstractContextManager[Front]], Front], collector: Collector
) -> Front:
    return hold(opened(collector.url, with_commit_times))


@pytest.fixture(scope="session")
async def front(opened_front: Front) -> AsyncIterator[Front]:
    async with opened_front.platform.http:
        await opened_front.fill()
        yield opened_front
