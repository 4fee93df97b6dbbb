"""What this tree is delivered as: one distribution per service and per part of `shared/`.

In: their `pyproject.toml` and source. Out: what each says it needs, and what its imports need.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from sys import stdlib_module_names

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
FOLDERS = ("services/*", "shared/*")
_OUTSIDE = {"tests", "build"}
LEFT_OUT = (*_OUTSIDE, "__pycache__", "*.egg-info")


@dataclass(frozen=True, slots=True)
class Distribution:
    """One folder with a `pyproject.toml`. requires: canonical name -> what is asked of it."""

    folder: Path
    name: str
    version: str
    requires: Mapping[str, Requirement]

    def sources(self) -> Iterator[Path]:
        """The Python files it is made of, migrations among them, tests not."""
        for file in sorted(self.folder.rglob("*.py")):
            if not _OUTSIDE & set(file.relative_to(self.folder).parts):
                yield file

    def modules(self) -> Iterator[str]:
        """The modules it brings, by the names they are imported under."""
        for file in self.sources():
            parts = file.relative_to(self.folder).with_suffix("").parts
            if parts[0] != "migrations":
                yield ".".join(parts).removesuffix(".__init__")

    def imported(self) -> Iterator[str]:
        """Every module or name its source imports, dotted."""
        for file in self.sources():
            yield from _imported(file.read_text(encoding="utf-8"))


def read(folder: Path) -> Distribution:
    """What a folder's `pyproject.toml` says."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project.get("dependencies", ())]
    requires = {str(canonicalize_name(need.name)): need for need in wanted}
    return Distribution(folder, project["name"], project["version"], requires)


def distributions(root: Path = REPOSITORY) -> Mapping[str, Distribution]:
    """Every distribution of the tree, by name."""
    files = {file for pattern in FOLDERS for file in root.glob(f"{pattern}/pyproject.toml")}
    listed = [read(file.parent) for file in sorted(files)]
    return {made.name: made for made in listed}


def needed(made: Distribution, own: Mapping[str, Distribution]) -> Mapping[str, set[str]]:
    """Canonical name of each distribution that a source imports -> the imports that need it."""
    homes = {module: other.name for other in own.values() for module in other.modules()}
    imports: dict[str, set[str]] = {}
    for name in made.imported():
        home = _home(name, homes) or _foreign(name)
        if home and home != made.name:
            imports.setdefault(canonicalize_name(home), set()).add(name)
    return imports


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _home(name: str, homes: Mapping[str, str]) -> str | None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if home := homes.get(".".join(parts[:length])):
            return home
    return None


@cache
def _top_levels() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


@cache
def _foreign(name: str) -> str | None:
    """The installed distribution a module comes from; None for Python's own."""
    parts = name.split(".")
    if parts[0] in stdlib_module_names:
        return None
    candidates = sorted(set(_top_levels().get(parts[0], ())))
    if not candidates:
        raise ModuleNotFoundError(f"{name} is imported and belongs to nothing that is installed")
    if len(candidates) == 1:
        return candidates[0]
    for length in range(len(parts), 0, -1):
        path = re.escape("/".join(parts[:length]))
        pattern = re.compile(rf"{path}(/__init__)?(\.[^/]+)?\.(py|so)$")
        for candidate in candidates:
            if any(pattern.match(str(file)) for file in metadata.files(candidate) or ()):
                return candidate
    raise ModuleNotFoundError(f"{name} is in none of {', '.join(candidates)}")
