"""The contracts as they were released: one file per version, written once, never again.

In: the tree. Out: the release to compare with, and the file of the next one.
"""

import json
import tomllib
from pathlib import Path

from pydantic import JsonValue

from deploy.contracts.shapes import Shape, shapes_of
from deploy.devstack.deployment import REPOSITORY
from marktbund.contracts import MESSAGES

FOLDER = REPOSITORY / "docs" / "contracts" / "released"
_GOLDEN = REPOSITORY / "tests" / "contracts" / "golden"
_LIBRARY = REPOSITORY / "shared" / "contracts" / "pyproject.toml"


def version() -> str:
    """The version of the tree's contracts: that of the distribution that holds them."""
    return str(tomllib.loads(_LIBRARY.read_text(encoding="utf-8"))["project"]["version"])


def example_of(kind: str) -> JsonValue:
    """The golden JSON of a type. Raises FileNotFoundError for a type that has none."""
    example: JsonValue = json.loads((_GOLDEN / f"{kind}.json").read_bytes())
    return example


def current() -> Shape:
    """The contracts of the tree, as a release would keep them, each with its golden JSON."""
    shapes = shapes_of(MESSAGES.values())
    for kind, shape in shapes["types"].items():
        shape["example"] = example_of(kind)
    return {"version": version(), **shapes}


def released(folder: Path = FOLDER) -> list[Shape]:
    """Every release, oldest first."""
    files = sorted(folder.glob("*.json"), key=lambda file: _ordered(file.stem))
    return [json.loads(file.read_bytes()) for file in files]


def _ordered(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))


def write(folder: Path = FOLDER) -> Path:
    """Keep the tree's contracts under its version. Raises FileExistsError: a release stays."""
    shapes = current()
    file = folder / f"{shapes['version']}.json"
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as stream:
        stream.write(_rendered(shapes, 4) + "\n")
    return file


def _rendered(value: JsonValue, levels: int, indent: str = "") -> str:
    """JSON with one line per field of a type: what changes is one line of a diff."""
    if levels == 0 or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + " "
    lines = [f'{inner}"{name}": {_rendered(value[name], levels - 1, inner)}' for name in value]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
