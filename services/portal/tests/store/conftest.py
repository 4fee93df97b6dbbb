from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork

Work = Callable[..., UnitOfWork]
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def work(connection: AsyncConnection) -> Work:
    """Units of work at a moment of the test's choice."""
    return lambda now=NOW: UnitOfWork(connection, Origin("test"), now)
