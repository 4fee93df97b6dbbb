"""The names a module gives: functions, classes, arguments, attributes, variables; not words."""

import ast
from collections.abc import Iterator


def identifiers(tree: ast.Module) -> Iterator[str]:
    """Every name where it is given, as often as it is."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                continue


def defined_classes(tree: ast.Module) -> Iterator[str]:
    """Names of all classes, also those within others."""
    return (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
