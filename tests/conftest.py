from collections.abc import AsyncIterator, Iterator

import pytest

from tests.front import Front, opened


@pytest.fixture(scope="session")
def opened_front() -> Iterator[Front]:
    with opened() as made:
        yield made


@pytest.fixture(scope="session")
async def front(opened_front: Front) -> AsyncIterator[Front]:
    async with opened_front.platform.http:
        await opened_front.fill()
        yield opened_front
