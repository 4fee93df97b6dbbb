"""Fixtures for every test of the tree, and which tests keep together in one process."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from shutil import rmtree
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from marktbund.testing.calls import CALLS, FOLDER

# How fast a machine draws examples is no property of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = ["marktbund.testing.fixtures"]

Held = TypeVar("Held")
Hold = Callable[[AbstractContextManager[Held]], Held]
_held = ExitStack()
"""What the group at work holds; a process works on one group at a time."""


@pytest.fixture(scope="session")
def hold() -> Iterator[Hold[Held]]:
    """Enters a context until the last test of the group has run: a platform that nobody asks any
    more would go on taking processor time from the tests of other groups.
    """
    yield _held.enter_context
    _held.close()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if nextitem is None or _marked(item) != _marked(nextitem):
        _held.close()


_DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)
_LONG = 60


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A case is named by its argument where its value may be another in every process: the
    processes of one run have to know the same tests.
    """
    text = val.decode("latin-1") if isinstance(val, bytes) else val
    if isinstance(text, str) and (len(text) > _LONG or _DRAWN.search(text)):
        return argname
    return None


_passed: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.add(report.nodeid.partition("@")[0])


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        rmtree(session.config.rootpath / FOLDER, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down which doors the passed tests of this process called, for `tests.doors`."""
    calls = [call for call in CALLS if call.test.partition("@")[0] in _passed]
    if calls:
        folder = session.config.rootpath / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{json.dumps(asdict(call))}\n" for call in dict.fromkeys(calls))
        (folder / f"{os.getpid()}.jsonl").write_text(lines)


def _marked(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return "" if marker is None else str(marker.args[0])


ON_THE_FRONT = (
    "tests/browser",
    "tests/security",
    "tests/journeys",
    "tests/benchmarks/test_stage.py",
    "tests/drill",
    "tests/doors",
)
"""Tests that share the whole platform, in the order in which they do."""
LONGEST_FIRST = (
    "front",
    "tests/failures",
    "tests/drill",
    "tests/benchmarks",
    "deploy/tests/test_engines.py",
    "acceptance/tests",
    "tests/contracts",
    "shared/tests",
)
"""Groups that would leave the other processes idle if they came last."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist writes the group into each test's id
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One folder's tests run in one process, in order: they share its databases and deployments."""
    order = {group: place for place, group in enumerate(LONGEST_FIRST)}
    groups = {item: _group(config, item) for item in items}
    items.sort(key=lambda item: (order.get(groups[item], len(order)), _traces(item)))
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))


def _traces(item: pytest.Item) -> int:
    """How much a test changes on the platform it shares: those that change more come later."""
    return next((place for place, name in enumerate(ON_THE_FRONT, 1) if name in item.nodeid), 0)


def _group(config: pytest.Config, item: pytest.Item) -> str:
    if "front" in getattr(item, "fixturenames", ()):
        return "front"
    parts = item.path.relative_to(config.rootpath).parts
    # The tests of deploy share nothing between files but the engines each process has anyway.
    return "/".join(parts[: 3 if parts[0] == "deploy" else 2])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say it loudly when the groups are not kept: every test would start engines of its own."""
    if getattr(session.config.option, "loadgroup", False):
        lost = [each.nodeid for each in session.items if "@" not in each.nodeid]
        if lost:
            raise pytest.UsageError(f"pytest-xdist does not group {len(lost)} tests: {lost[0]}")
