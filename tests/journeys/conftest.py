import pytest

from tests.front import Front
from tests.market import Market
from tests.running import Platform


@pytest.fixture(scope="session")
def platform(front: Front) -> Platform:
    return front.platform


@pytest.fixture(scope="session")
def market(front: Front) -> Market:
    return front.market
