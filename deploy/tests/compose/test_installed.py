"""A service's wheel in an empty environment: installed with what it declares, alive on its own.

`make check-wheels` tries every service, `make test` the one with most files beside its modules.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.services import SERVICES
from deploy.tests.compose import environments
from deploy.tests.compose.composed import Composed
from marktbund.testing.engines.ports import choose_free

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
    package: str, wheels: Path, composed: Composed, tmp_path: Path
):
    python = environments.make(tmp_path / "venv", distribution(package), wheels)
    listed = subprocess.run(
        [python, "-c", LISTED, package], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split()
    assert listed == ["tests:False", f"{tmp_path}/venv/share/marktbund/{package}/migrations"]
    settings = composed.environment(package.replace("_", "-"))
    with running(python, package, settings, tmp_path) as address:
        assert answer(f"{address}/health/live") == 200, (tmp_path / "log").read_text()
        assert answer(f"{address}/health/ready") == 503


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
