"""Which mutants are tried, and which tests of their service are asked, in which order.

Domain rooms are found by path, whatever services and rooms there are.
"""

import ast
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from tests.mutants.mutating import Mutant, mutants


def rooms(files: Collection[str]) -> list[str]:
    """The modules of all domain rooms: `domain.py`, or any module of a folder `domain`."""
    return sorted(name for name in files if _is_domain(PurePosixPath(name)))


def _is_domain(path: PurePosixPath) -> bool:
    inside = path.parts[2:]
    return (
        path.parts[:1] == ("services",)
        and path.suffix == ".py"
        and "tests" not in inside
        and (path.name == "domain.py" or "domain" in inside[:-1])
    )


def sample(files: Mapping[str, str], seed: int, size: int) -> list[Mutant]:
    """So many of the mutants of all domain rooms, by chance; the same for the same seed."""
    every = [mutant for name in rooms(files) for mutant in mutants(name, files[name])]
    chosen = random.Random(seed).sample(every, min(size, len(every)))
    return sorted(chosen)


def asked_tests(path: str, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Test files of a module's service: those of its domain, and the others that touch the module.

    Nearest first: tests named after it, then those that import it, then those that import what
    imports it.
    """
    service = PurePosixPath(path).parts[1]
    tests = [
        name for name in files if name.startswith(f"services/{service}/tests/") and "/test_" in name
    ]
    source = {_dotted(name): name for name in files if name.startswith(f"services/{service}/")}
    distance = _distances(_dotted(path), {m: files[name] for m, name in source.items()})
    near = {
        name: min((distance[m] for m in _imports(files[name]) if m in distance), default=99)
        for name in tests
    }
    stem = PurePosixPath(path).stem

    def order(name: str) -> tuple[bool, int, str]:
        return (PurePosixPath(name).stem != f"test_{stem}", near[name], name)

    domain = [name for name in tests if "/domain/" in name]
    others = [name for name in tests if "/domain/" not in name]
    return sorted(domain, key=order), sorted(others, key=order)


def _dotted(name: str) -> str:
    parts = PurePosixPath(name).with_suffix("").parts[2:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(text: str) -> set[str]:
    return set(_imported(ast.parse(text)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _distances(module: str, source: Mapping[str, str]) -> dict[str, int]:
    """Modules that import one, by how many steps away they are; 0: itself."""
    imports = {name: _imports(text) for name, text in source.items()}
    distance = {module: 0}
    layer: Sequence[str] = [module]
    for steps in range(1, 6):
        layer = [
            name
            for name, imported in imports.items()
            if name not in distance and not imported.isdisjoint(layer)
        ]
        distance |= dict.fromkeys(layer, steps)
    return distance
