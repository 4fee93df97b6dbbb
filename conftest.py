"""Fixtures for every test of the tree, and which tests keep together in one process."""

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine draws examples is no property of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

pytest_plugins = ["marktbund.testing.fixtures"]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist writes the group into each test's id
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One folder's tests run in one process, in order: they share its databases and deployments."""
    for item in items:
        folder = "/".join(item.path.relative_to(config.rootpath).parts[:2])
        shared = "front" if "front" in getattr(item, "fixturenames", ()) else folder
        item.add_marker(pytest.mark.xdist_group(shared))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say it loudly when the groups are not kept: every test would start engines of its own."""
    if getattr(session.config.option, "loadgroup", False):
        lost = [each.nodeid for each in session.items if "@" not in each.nodeid]
        if lost:
            raise pytest.UsageError(f"pytest-xdist does not group {len(lost)} tests: {lost[0]}")
