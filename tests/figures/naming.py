"""The names a module gives: functions, classes, arguments, attributes, variables; not words."""

import ast
from collections.abc import Iterator

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def identifiers(tree: ast.Module) -> Iterator[str]:
    """Every name where it is given, as often as it is."""
    for node in ast.walk(tree):
        if isinstance(node, Defined):
            yield node.name
        else:
            yield from _of_a_value(node)


def values(tree: ast.Module) -> Iterator[str]:
    """The same without functions and classes: what a verb would be wrong for."""
    for node in ast.walk(tree):
        yield from _of_a_value(node)


def _of_a_value(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.arg(arg=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
            yield name
        case _:
            return


def defined_classes(tree: ast.Module) -> Iterator[str]:
    """Names of all classes, also those within others."""
    return (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def answer_models(tree: ast.Module) -> Iterator[str]:
    """Names of the types that the routes of a module answer with, other than plain values."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        doors = [call for call in node.decorator_list if _is_door(call)]
        declared = [
            keyword.value
            for call in doors
            if isinstance(call, ast.Call)
            for keyword in call.keywords
            if keyword.arg == "response_model"
        ]
        for annotation in declared or [node.returns if doors else None]:
            for part in ast.walk(annotation) if annotation is not None else ():
                if isinstance(part, ast.Name):
                    yield part.id


def _is_door(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in {"get", "post", "put", "patch", "delete"}
    )
