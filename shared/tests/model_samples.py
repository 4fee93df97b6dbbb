"""JSON of any contract's model, made from its types: the least that is taken, or all of it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

Path = tuple[str | int, ...]
"""Where a value stands: names of fields, positions in lists."""

PLAIN: Mapping[Any, Any] = {
    UUID: "019ae000-0000-7000-8000-000000000001",
    Decimal: "1",
    date: "2026-12-01",
    datetime: "2026-12-01T09:30:00Z",
    int: 1,
    bool: True,
    str: "30",
}
"""Type -> a value within every bound there is; the text is a CPV prefix, too."""

WRONG: Mapping[Any, tuple[Any, ...]] = {
    UUID: ("4711", "", 7, "019ae000-0000-7000-8000-00000000000g"),
    Decimal: ("1,5", "", "zwei", "NaN", "Infinity", []),
    date: ("01.12.2026", "2026-02-30", "", "morgen"),
    datetime: ("gestern", "2026-12-01T25:00:00Z", ""),
    int: ("eins", 1.5, "", []),
    bool: ("vielleicht", 2, []),
    str: (7, [], {}),
    Literal: ("no_such_code", "", 7),
}
"""Type -> what is none of it, in whatever field."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that has no parts. kind: a key of WRONG. may_be_null: null is a value of its."""

    path: Path
    kind: Any
    may_be_null: bool


def bare(annotation: Any) -> tuple[Any, bool]:
    """The type without marks and without null, `Union` where it is one of several; whether null
    was allowed.
    """
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        may_be_null = len(kinds) < len(get_args(annotation))
        return (bare(kinds[0])[0] if len(kinds) == 1 else Union), may_be_null
    return annotation, False


def sample(model: type[BaseModel], *, whole: bool) -> dict[str, Any]:
    """The JSON object: required fields alone and null where it may be, or every field."""
    return {
        name: _value(field.annotation, whole=whole)
        for name, field in model.model_fields.items()
        if whole or field.is_required()
    }


def _value(annotation: Any, *, whole: bool) -> Any:
    kind, may_be_null = bare(annotation)
    if may_be_null and not whole:
        return None
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return [_value(get_args(kind)[0], whole=whole)]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return sample(kind, whole=whole)
    return PLAIN[kind]


def leaves(model: type[BaseModel], above: Path = ()) -> Iterator[Leaf]:
    """Every value without parts in the whole sample of a model, at any depth."""
    for name, field in model.model_fields.items():
        kind, may_be_null = bare(field.annotation)
        path: Path = (*above, name)
        while get_origin(kind) is tuple:
            path = (*path, 0)
            kind, may_be_null = bare(get_args(kind)[0])
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, path)
        else:
            yield Leaf(path, get_origin(kind) or kind, may_be_null)


def objects(value: Any, above: Path = ()) -> Iterator[Path]:
    """Where the objects of a JSON document stand, itself among them."""
    if isinstance(value, dict):
        yield above
        for name, part in value.items():
            yield from objects(part, (*above, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from objects(part, (*above, position))


def replaced(document: Any, path: Path, value: Any) -> Any:
    """A copy of the document with another value in one place."""
    changed = deepcopy(document)
    place(changed, path[:-1])[path[-1]] = value
    return changed


def without(document: Any, path: Path) -> Any:
    """A copy of the document without one of its fields."""
    changed = deepcopy(document)
    del place(changed, path[:-1])[path[-1]]
    return changed


def place(document: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        document = document[step]
    return document
