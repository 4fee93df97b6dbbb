"""Compose's files as `prepare` makes them, once for the tests of a file."""

import pytest

from deploy.compose.settings import prepare
from deploy.devstack.deployment import Places
from deploy.tests.compose.composed import OPTIONS, Composed, read


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def composed(places: Places) -> Composed:
    return read(prepare(places, OPTIONS))
