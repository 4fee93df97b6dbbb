"""Fixtures for every test of the tree, and which tests keep together in one process."""

import pytest

pytest_plugins = ["marktbund.testing.fixtures"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One folder's tests run in one process, in order: they share its databases and deployments."""
    for item in items:
        folder = "/".join(item.path.relative_to(config.rootpath).parts[:2])
        shared = "front" if "front" in getattr(item, "fixturenames", ()) else folder
        item.add_marker(pytest.mark.xdist_group(shared))
