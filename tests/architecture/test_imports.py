"""The import rules of pyproject.toml are kept, and each is red on a planted violation."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES

KIT = "shared/kit/marktbund"
CONTRACTS = "shared/contracts/marktbund/contracts"
ORDERS = "services/orders/orders"
MEMBERS = "services/members/members"
PLANTS = {
    "a room that has no name": ("rooms", f"{MEMBERS}/utils.py", '"""Odds and ends."""\n'),
    "an import upward": ("rooms", f"{MEMBERS}/store/__init__.py", "from members import handlers\n"),
    "a part of orders that has no name": ("orders", f"{ORDERS}/utils.py", '"""Odds and ends."""\n'),
    "agreements that know ordering": (
        "orders",
        f"{ORDERS}/agreements/views.py",
        "import orders.ordering.views\n",
    ),
    "ordering past the face of awarding": (
        "awarding",
        f"{ORDERS}/ordering/views/orders.py",
        "import orders.awarding.store.limits\n",
    ),
    "a job past the face of agreements": (
        "agreements",
        f"{ORDERS}/jobs.py",
        "import orders.agreements.handlers\n",
    ),
    "SQL behind the values of a face": (
        "domain",
        f"{ORDERS}/awarding/face/values.py",
        "import orders.awarding.store.limits\n",
    ),
    "a room in a room that has no name": (
        "orders_rooms",
        f"{ORDERS}/awarding/utils.py",
        '"""Odds and ends."""\n',
    ),
    "an import upward in a room of orders": (
        "orders_rooms",
        f"{ORDERS}/ordering/store/__init__.py",
        "from orders.ordering import handlers\n",
    ),
    "a service in a service": ("independence", f"{ORDERS}/sagas.py", "import members.domain\n"),
    "a service in the platform": (
        "shared",
        f"{KIT}/ids.py",
        "import members.domain\n",
    ),
    "operators' doors in the kit": (
        "parts",
        f"{KIT}/ids.py",
        "import marktbund.ahead\n",
    ),
    "the kit in a contract": ("parts", f"{CONTRACTS}/words.py", "from marktbund import clock\n"),
    "a room of no part": ("parts", f"{KIT}/more.py", '"""More."""\n'),
    "a value that knows the door": ("levels", f"{KIT}/ids.py", "import marktbund.http\n"),
    "an operators' room above what puts it together": (
        "levels",
        "shared/ops/marktbund/operations.py",
        "import marktbund.composition\n",
    ),
    "engines in a service": ("devkit", f"{ORDERS}/jobs.py", "import marktbund.testing.records\n"),
    "Kafka at the doors": ("doors", f"{KIT}/ids.py", "import aiokafka\n"),
    "an actor that knows its judge": (
        "acceptance",
        "acceptance/actors/conduct.py",
        "import acceptance.checks.tables\n",
    ),
    "a client in the words of the portal": (
        "portal",
        "services/portal/portal/words/figures.py",
        "import portal.clients.services\n",
    ),
    "a door in what a page shows": (
        "pages",
        "services/portal/portal/pages/views/parties.py",
        "import portal.pages.rendering\n",
    ),
    "SQL in a domain": ("domain", f"{ORDERS}/ordering/domain/__init__.py", "import sqlalchemy\n"),
    "settings outside main": ("settings", f"{ORDERS}/jobs.py", "import orders.settings\n"),
}


LINTER = """
import sys
from importlinter import cli
folders, own = sys.argv.pop(1).split(":"), sys.argv.pop(1)
# The parts' namespace takes in every path that holds one: the tree's own must not be among them.
sys.path[:] = folders + [path for path in sys.path if not path.startswith(own)]
cli.lint_imports_command()
"""


def lint(tree: Path, *only: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in only for part in ("--contract", contract)]
    services = (tree / "services" / folder for folder in SERVICES)
    places = [*(tree / "shared").iterdir(), *services, tree]
    return subprocess.run(
        [
            sys.executable,
            "-c",
            LINTER,
            ":".join(map(str, places)),
            ROOT / "shared",
            "--no-cache",
            *chosen,
        ],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_rules_are_kept():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout
    assert "16 kept, 0 broken" in linted.stdout


def layers(contract: str) -> list[set[str]]:
    """The modules of a contract's layers, top to bottom."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = {rule["id"]: rule for rule in rules["tool"]["importlinter"]["contracts"]}
    return [{name.strip() for name in layer.split(":")} for layer in listed[contract]["layers"]]


def rooms(part: str) -> set[str]:
    folder = ROOT / "shared" / part / "marktbund"
    return {file.stem for file in folder.iterdir() if file.name != "__pycache__"}


def test_each_layer_of_the_parts_is_what_its_distribution_holds():
    for part, layer in zip(("devkit", "ops", "kit", "contracts"), layers("parts"), strict=True):
        assert rooms(part) == layer, part


def test_every_room_of_kit_and_ops_has_its_level():
    levels = {name.partition(".")[0] for layer in layers("levels") for name in layer}
    assert levels == rooms("kit") | rooms("ops")


def test_the_name_above_the_parts_is_nobodys():
    assert list((ROOT / "shared").glob("*/marktbund/__init__.py")) == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for part in ("shared", "services", "acceptance"):
        shutil.copytree(
            ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    return tree


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_violation_turns_its_rule_red(plant: str, copy: Path):
    contract, name, line = PLANTS[plant]
    file = copy / name
    before = file.read_text() if file.exists() else None
    file.write_text((before or "") + line)
    try:
        linted = lint(copy, contract)
    finally:
        file.unlink() if before is None else file.write_text(before)
    assert linted.returncode == 1, linted.stdout
    assert "0 kept, 1 broken" in linted.stdout
