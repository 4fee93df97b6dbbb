"""A supervised directory with one dummy program, ended after each test whatever happened."""

import os
import sys
from pathlib import Path

import pytest

from deploy.devstack.deployment import Deployment, Places
from deploy.devstack.engines import stop_engines
from deploy.devstack.program import MARKER, Program
from deploy.devstack.services import DeployedService
from deploy.devstack.supervising import end_all
from marktbund.testing.engines import postgres
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.processes import Launch, reap

DUMMY = Path(__file__).with_name("dummy_service.py")


@pytest.fixture
def supervised(tmp_path):
    directory = tmp_path / "supervised"
    directory.mkdir()
    yield directory
    end_all(directory)
    reap()


@pytest.fixture
def dummy(supervised):
    return _program(supervised, "dummy")


def _program(directory, name):
    port = choose_free(set())
    environment = {**os.environ, "MARKTBUND_HTTP_PORT": str(port), MARKER: str(directory)}
    launch = Launch(
        argv=(sys.executable, str(DUMMY)),
        environment=environment,
        directory=str(directory),
        log=str(directory / "logs" / f"{name}.log"),
        grace_seconds=3.0,
    )
    return Program(name, launch, port, "/health/ready")


@pytest.fixture(scope="session")
def deployment():
    services = tuple(DeployedService(name, (str(DUMMY),)) for name in ("first", "second"))
    return Deployment("trial", "trial_", "test", services=services, issuer=None)


@pytest.fixture(scope="session")
def places(tmp_path_factory, deployment):
    state = tmp_path_factory.mktemp("stack")
    places = Places(state)
    yield places
    end_all(places.of(deployment))
    stop_engines(places)
    postgres.remove(places.engines / "postgres")
    reap()
