"""Where tables are written: statements as SQL text and as SQLAlchemy Core, by the syntax tree.

In: path -> source of one service. Out: table -> the modules that insert into, change or empty it;
statements as text that Core says as well.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

MOST_PLACES = 2
"""Modules that may write one table: what makes a row, and what takes it away or catches it up."""
_TEXT = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO"
    r"|(?<!FOR )(?<!KEY )(?<!DO )UPDATE(?:\s+ONLY)?)\s+\"?([a-z_]+)\"?(?!\s*\()?",
)
_DYNAMIC = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) $")
_MORE = re.compile(
    r"\b(?:WITH|SELECT|unnest|USING|ON CONFLICT|RETURNING|ANY|EXISTS|CAST|CASE|coalesce)\b"
    r"|::|->|\|\|",
    re.IGNORECASE,
)
"""What makes a statement more than one table's rows: SQL says it better than Core."""
_VERBS = {"insert", "update", "delete", "inserting", "upsert"}


def writers(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Table -> modules with a statement that writes it."""
    trees = {path: ast.parse(text) for path, text in sources.items()}
    tables = {name: table for tree in trees.values() for name, table in _tables(tree)}
    written: defaultdict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        named = _named(tree, set(tables.values()))
        for table in (*_in_text(tree), *_in_core(tree, tables), *named):
            written[table].add(path)
    return dict(written)


def crowded(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Tables that are written in more places than they may be."""
    return {
        table: sorted(modules)
        for table, modules in writers(sources).items()
        if len(modules) > MOST_PLACES
    }


def plain_writes(source: str) -> list[str]:
    """Tables whose rows a `text(...)` inserts, changes or deletes, and does nothing else."""
    texts = (
        node.args[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and _called(node) == "text" and node.args
    )
    literals = (node.value for node in texts if isinstance(node, ast.Constant))
    return [
        table
        for sql in literals
        if isinstance(sql, str) and not _MORE.search(sql)
        for table in _TEXT.findall(sql)
    ]


def _tables(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Variable -> table, for each `name = Table("table", ...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        call = node.value
        name = call.args[0] if call.args else None
        if _called(call) == "Table" and isinstance(name, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, str(name.value)


def _in_text(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _TEXT.findall(node.value)


def _named(tree: ast.Module, tables: set[str]) -> Iterator[str]:
    """Tables a module hands by name to a statement of its own that leaves the name open."""
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    if any(isinstance(text, str) and _DYNAMIC.search(text) for text in texts):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                named = (a.value for a in node.args if isinstance(a, ast.Constant))
                yield from (name for name in named if isinstance(name, str) and name in tables)


def _in_core(tree: ast.Module, tables: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _called(node).lstrip("_") not in _VERBS:
            continue
        of_table = node.func.value if isinstance(node.func, ast.Attribute) else None
        for written in (of_table, *node.args):
            name = _last(written)
            if name in tables:
                yield tables[name]


def _called(call: ast.Call) -> str:
    return _last(call.func)


def _last(node: ast.AST | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
