"""Fixtures for every test of the tree."""

pytest_plugins = ["marktbund.testing.fixtures"]
