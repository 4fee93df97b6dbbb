"""The import rules of pyproject.toml are kept, and each is red on a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES

ORDERS = "services/orders/orders"
PLANTS = {
    "a room that has no name": ("rooms", f"{ORDERS}/utils.py", '"""Odds and ends."""\n'),
    "an import upward": ("rooms", f"{ORDERS}/store/__init__.py", "from orders import handlers\n"),
    "a service in a service": ("independence", f"{ORDERS}/handlers.py", "import members.domain\n"),
    "a service in the platform": ("shared", "shared/marktbund/ids.py", "import members.domain\n"),
    "SQL in a domain": ("domain", f"{ORDERS}/domain/__init__.py", "import sqlalchemy\n"),
    "settings outside main": ("settings", f"{ORDERS}/api.py", "import orders.settings\n"),
}


def lint(tree: Path, *only: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in only for part in ("--contract", contract)]
    places = [tree / "shared", *(tree / "services" / folder for folder in SERVICES)]
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", *chosen],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_are_kept():
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout
    assert "5 kept, 0 broken" in told.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for part in ("shared", "services"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_violation_turns_its_rule_red(plant: str, copy: Path):
    contract, name, line = PLANTS[plant]
    file = copy / name
    before = file.read_text() if file.exists() else None
    file.write_text((before or "") + line)
    try:
        told = lint(copy, contract)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert told.returncode == 1, told.stdout
    assert "0 kept, 1 broken" in told.stdout
