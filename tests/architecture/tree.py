"""The tree as the architecture tests see it: its files, its services, their READMEs."""

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from marktbund.composition import Service

ROOT = Path(__file__).parents[2]
SERVICES = {
    folder.name: folder.name.replace("-", "_")
    for folder in sorted((ROOT / "services").iterdir())
    if (folder / "pyproject.toml").exists()
}
"""Folder of each service that exists -> its package."""


@cache
def files() -> tuple[str, ...]:
    """Every file git knows or would take, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))


def is_test(name: str) -> bool:
    """Whether a file belongs to the tests, of a service or of the tree."""
    return "tests" in Path(name).parts or name == "conftest.py"


def python_files(*, tests: bool) -> Iterator[tuple[str, str]]:
    """Name and text of the Python files; without tests: what runs in production."""
    for name in files():
        if name.endswith(".py") and (tests or not is_test(name)):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def package_of(folder: str) -> Path:
    """The package folder of a service."""
    return ROOT / "services" / folder / SERVICES[folder]


def service(folder: str) -> Service:
    """What a service's main puts together."""
    composed: Service = importlib.import_module(f"{SERVICES[folder]}.main").SERVICE
    return composed


def sections(folder: str) -> dict[str, str]:
    """Heading -> text of a service's README."""
    text = (ROOT / "services" / folder / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(markdown: str) -> list[list[str]]:
    """The cells of every table row, header and rule left out, code marks removed."""
    cells = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in markdown.splitlines()
        if line.startswith("|")
    ]
    return [row for row in cells[1:] if not set(row[0]) <= {"-", ":", " "}]


def public_functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of a module and methods of its public classes that others may call."""
    for node in module.body:
        inside = node.body if isinstance(node, ast.ClassDef) and node.name[0] != "_" else [node]
        for member in inside:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and member.name[0] != "_":
                yield member
