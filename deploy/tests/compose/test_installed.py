"""A service's wheel in an empty environment: installed with what it declares, alive on its own.

Then all of them, doors and worker apart, on one devstack: its provisioning, its plan of programs.
`make check-wheels` tries every service, `make test` the one with most files beside its modules.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest

from deploy.devstack.deployment import REPOSITORY, Deployment, Places
from deploy.devstack.passwords import passwords
from deploy.devstack.program import Program
from deploy.devstack.provisioning import Engines, create_contents
from deploy.devstack.roles import drop_databases, ensure_databases
from deploy.devstack.service_plan import service_programs
from deploy.devstack.services import SERVICES
from deploy.tests.compose import environments
from deploy.tests.compose.composed import Composed
from marktbund.testing.engines.ports import choose_free
from marktbund.testing.engines.selection import KafkaBroker, PostgresServer

EVERY = os.environ.get("MARKTBUND_WHEELS") == "all"
NAMES = [service.name for service in SERVICES if EVERY or service.name == "portal"]
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    wanted = {part for name in NAMES for part in environments.own(distribution(name))}
    subprocess.run(
        [sys.executable, "-m", "deploy.wheels", folder, *sorted(wanted)],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def distribution(package: str) -> str:
    return f"marktbund-{package.replace('_', '-')}"


@pytest.fixture(scope="module")
def installed(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Service -> the Python of an environment with its wheel alone, made once."""

    @cache
    def python(package: str) -> Path:
        folder = tmp_path_factory.mktemp(package) / "venv"
        return environments.make(folder, distribution(package), wheels)

    return python


@contextmanager
def running(python: Path, package: str, settings: dict[str, str], folder: Path) -> Iterator[str]:
    """The service as its image starts it, with no engine there; gives its address."""
    port = choose_free(set())
    surroundings = {
        **settings,
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "MARKTBUND_HTTP_PORT": str(port),
        "MARKTBUND_SECURITY_LOG": str(folder),
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [python, "-m", f"{package}.main"], cwd=folder, env=surroundings, stdout=log, stderr=log
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def answer(address: str) -> int:
    """The status of an address, once somebody answers there; 0 when nobody does in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            return httpx.get(address, timeout=PATIENCE_SECONDS).status_code
        except httpx.TransportError:
            time.sleep(0.2)
    return 0


@pytest.mark.parametrize("package", NAMES)
def test_a_wheel_installs_alone_and_lives_without_engines(
    package: str, installed: Callable[[str], Path], composed: Composed, tmp_path: Path
):
    python = installed(package)
    listed = subprocess.run(
        [python, "-c", LISTED, package], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split()
    assert listed == ["tests:False", f"{python.parents[1]}/share/marktbund/{package}/migrations"]
    settings = composed.environment(package.replace("_", "-"))
    with running(python, package, settings, tmp_path) as address:
        assert answer(f"{address}/health/live") == 200, (tmp_path / "log").read_text()
        assert answer(f"{address}/health/ready") == 503


@pytest.fixture
def devstack(
    postgres: PostgresServer, kafka: KafkaBroker, tmp_path: Path
) -> Iterator[list[Program]]:
    """What one deployment of these services is started with, on engines that have its contents."""
    services = tuple(service for service in SERVICES if service.name in NAMES)
    deployment = Deployment("wheels", "wheels_", "test", services, split=True)
    places = Places(tmp_path / "state")
    places.of(deployment).mkdir(parents=True)
    engines, secret = Engines(postgres, kafka, ""), passwords(places.of(deployment), deployment)
    asyncio.run(ensure_databases(postgres, deployment, secret))
    create_contents(deployment, engines, secret)
    yield service_programs(deployment, places, engines, secret)
    asyncio.run(drop_databases(postgres, deployment))


@contextmanager
def started(program: Program, python: Path | None, folder: Path) -> Iterator[None]:
    """A program of the plan, by another Python and far from this tree where one is given."""
    _, *arguments = program.launch.argv
    environment = dict(program.launch.environment)
    if python is not None:
        del environment["PYTHONPATH"]
    with (folder / f"{program.name}.log").open("w") as log:
        process = subprocess.Popen(
            [python or sys.executable, *arguments],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def became_ready(program: Program) -> int:
    """The last status of its readiness: 200, or what it says when patience is over."""
    deadline, status = time.monotonic() + PATIENCE_SECONDS, 0
    address = f"http://{program.address}/health/ready"
    while status != 200 and time.monotonic() < deadline:
        status = answer(address)
        time.sleep(0.1)
    return status


def test_installed_wheels_are_ready_on_one_devstack(
    devstack: list[Program], installed: Callable[[str], Path], tmp_path: Path
):
    ready: dict[str, int] = {}
    with ExitStack() as running:
        for program in devstack:
            package = program.name.removesuffix("-worker")
            python = installed(package) if package in NAMES else None
            running.enter_context(started(program, python, tmp_path))
        for program in devstack:
            ready[program.name] = became_ready(program)
            print(f"{program.name}: ready {ready[program.name]}")
    assert set(ready.values()) == {200}, ready
    assert {f"{name}{role}" for name in NAMES for role in ("", "-worker")} <= ready.keys()


LISTED = """
import importlib.util as u, sys
from marktbund import migrating
print(f"tests:{u.find_spec('marktbund.testing') is not None}")
print(migrating.config(sys.argv[1]).get_main_option("script_location"))
"""


def test_what_is_not_declared_is_missed(wheels: Path, tmp_path: Path):
    python = environments.make(tmp_path / "venv", "marktbund-contracts", wheels)
    asked = [python, "-c", "import marktbund.contracts, marktbund.money"]
    assert subprocess.run(asked, cwd=tmp_path, check=False).returncode == 0
    for foreign in ("sqlalchemy", "aiokafka", "marktbund.http"):
        missing = subprocess.run(
            [python, "-c", f"import {foreign}"], cwd=tmp_path, check=False, capture_output=True
        )
        assert b"ModuleNotFoundError" in missing.stderr
