from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import pytest

from tests.front import Front, opened


@pytest.fixture(scope="session")
def opened_front(hold: Callable[[AbstractContextManager[Front]], Front]) -> Front:
    return hold(opened())


@pytest.fixture(scope="session")
async def front(opened_front: Front) -> AsyncIterator[Front]:
    async with opened_front.platform.http:
        await opened_front.fill()
        yield opened_front
