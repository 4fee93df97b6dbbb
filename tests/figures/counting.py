"""Figures of a tree of Python files: sizes, names, how much of it is untyped.

In: path -> text of every Python file. Out: rows of a label and a figure, in the order they are
shown. Lines are counted without blanks and comments unless a row says otherwise.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from statistics import median, quantiles

from tests.figures.naming import defined_classes, identifiers

BANNED = ("each", "one", "found", "told", "said", "thing")
"""Names that say nothing; sentences of comments and docstrings are not looked at."""
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed file."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the tests of a service or of the tree."""
        return "tests" in PurePosixPath(self.path).parts or self.path.endswith("conftest.py")

    @property
    def distribution(self) -> str:
        """The folder it is installed from: services/orders, shared/kit, deploy."""
        parts = PurePosixPath(self.path).parts
        return "/".join(parts[:2]) if parts[0] in {"services", "shared"} else parts[0]

    @property
    def code_lines(self) -> int:
        """Lines that are neither blank nor comment."""
        stripped = (line.strip() for line in self.text.splitlines())
        return sum(1 for line in stripped if line and not line.startswith("#"))


def modules(files: Mapping[str, str]) -> list[Module]:
    """Every file parsed."""
    return [Module(path, text, ast.parse(text)) for path, text in sorted(files.items())]


def figures(files: Mapping[str, str]) -> dict[str, str]:
    """Label -> figure, as words."""
    every = modules(files)
    source = [module for module in every if not module.is_test]
    return dict([*_sizes(source), *_ratios(every), *_untyped(source), *_names(source)])


def _sizes(source: list[Module]) -> Iterator[tuple[str, str]]:
    lines = [len(module.text.splitlines()) for module in source]
    yield "source files", f"{len(source):,}"
    yield "lines of a file: median / p95 / max", _spread(lines)
    yield "lines of a function: median / p95 / max", _spread(list(_function_lines(source)))
    shared = sum(m.code_lines for m in source if m.path.startswith("shared/"))
    rules = sum(m.code_lines for m in source if "domain" in m.path)
    yield "lines of shared/ and of all domain rooms", f"{shared:,} / {rules:,}"
    every = sum(len(module.text.splitlines()) for module in source)
    comments = sum(line.strip().startswith("#") for m in source for line in m.text.splitlines())
    yield "comment lines of all lines", f"{comments / every:.1%}"


def _function_lines(source: Iterable[Module]) -> Iterator[int]:
    for module in source:
        for node in ast.walk(module.tree):
            if isinstance(node, Functions) and node.end_lineno is not None:
                yield node.end_lineno - node.lineno + 1


def _spread(values: list[int]) -> str:
    return f"{median(values):.0f} / {quantiles(values, n=20)[-1]:.0f} / {max(values)}"


def _ratios(every: list[Module]) -> Iterator[tuple[str, str]]:
    tests: Counter[str] = Counter()
    source: Counter[str] = Counter()
    for module in every:
        parts = PurePosixPath(module.path).parts
        if parts[0] in {"services", "shared"}:
            counted = tests if module.is_test else source
            counted[parts[1] if parts[0] == "services" else "shared"] += module.code_lines
    whole = sum(tests.values()) / sum(source.values())
    yield "tests : source, services/ and shared/", f"{whole:.2f}"
    for name in sorted(source):
        yield (
            f"tests : source, {name}",
            f"{tests[name] / source[name]:.2f}",
        )


def _untyped(source: list[Module]) -> Iterator[tuple[str, str]]:
    counts = Counter[str]()
    for module in source:
        counts["type: ignore"] += module.text.count("# type: ignore")
        for node in ast.walk(module.tree):
            counts.update(_untyped_in(node))
    for label in ("Any", "object", "cast", "type: ignore", "dict[str, ...] answered"):
        yield f"untyped: {label}", f"{counts[label]:,}"
    yield "untyped together", f"{sum(counts.values()):,}"
    yield "statements as SQL text", f"{_calls(source, 'text'):,}"
    yield "columns of JSON", f"{_columns_of_json(source):,}"
    yield "literal JSON keys read in the portal", f"{_literal_keys(source):,}"


def _untyped_in(node: ast.AST) -> Iterator[str]:
    annotations: list[ast.expr | None] = []
    if isinstance(node, Functions):
        annotations = [node.returns, *(argument.annotation for argument in _arguments(node))]
        if node.returns is not None and ast.unparse(node.returns).startswith("dict[str,"):
            yield "dict[str, ...] answered"
    elif isinstance(node, ast.AnnAssign):
        annotations = [node.annotation]
    for annotation in annotations:
        for part in ast.walk(annotation) if annotation is not None else ():
            if isinstance(part, ast.Name) and part.id in {"Any", "object"}:
                yield part.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
        yield "cast"


def _arguments(node: Functions) -> Iterator[ast.arg]:
    listed = node.args
    yield from (*listed.posonlyargs, *listed.args, *listed.kwonlyargs)
    yield from (argument for argument in (listed.vararg, listed.kwarg) if argument is not None)


def _calls(source: Iterable[Module], name: str) -> int:
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for module in source
        for node in ast.walk(module.tree)
    )


def _columns_of_json(source: Iterable[Module]) -> int:
    pattern = re.compile(r"Column\(\s*\"\w+\",\s*JSONB")
    return sum(len(pattern.findall(module.text)) for module in source)


def _literal_keys(source: Iterable[Module]) -> int:
    return sum(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
        for module in source
        if module.path.startswith("services/portal/")
        for node in ast.walk(module.tree)
    )


def _names(source: list[Module]) -> Iterator[tuple[str, str]]:
    names = Counter(name for module in source for name in identifiers(module.tree))
    for banned in BANNED:
        yield f"identifiers named {banned}", f"{names[banned]:,}"
    within: Counter[tuple[str, str]] = Counter()
    for module in source:
        within.update((module.distribution, name) for name in defined_classes(module.tree))
    public = [name for (_, name) in within if not name.startswith("_") and name != "Settings"]
    yield (
        "class names twice in a distribution",
        f"{sum(count > 1 and key[1] != 'Settings' for key, count in within.items()):,}",
    )
    yield (
        "class names in several distributions",
        f"{sum(count > 1 for count in Counter(public).values()):,}",
    )
