"""The shape of every contract as plain JSON: topic, key, fields, types, limits, defaults.

In: message classes. Out: what a release keeps of them, and what the next is compared with. A type
or a limit that this module cannot name is an error, so that nothing escapes the comparison.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from marktbund.contracts.base import Message
from marktbund.money import Digits

Shape = dict[str, Any]

_PLAIN: dict[type, str] = {
    UUID: "uuid",
    str: "string",
    int: "integer",
    bool: "boolean",
    Decimal: "decimal",
    date: "date",
    datetime: "datetime",
}
_LIMITS = (
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "max_digits",
    "decimal_places",
)

# `Digits` asks for the form in which every release has written its numbers: it refuses what people
# send through doors and nothing that was ever announced, so it is no limit of a contract.


def shapes_of(kinds: Iterable[type[Message]]) -> Shape:
    """Topics and types of these messages. Raises TypeError for what JSON contracts do not know."""
    types = {kind.type_name(): kind for kind in kinds}
    return {
        "topics": sorted({kind.topic.name for kind in types.values()}),
        "types": {
            name: {"topic": kind.topic.name, "key": kind.key_field, **_object(kind)}
            for name, kind in sorted(types.items())
        },
    }


def _object(kind: type[BaseModel]) -> Shape:
    decorators = kind.__pydantic_decorators__
    checks = sorted([*decorators.field_validators, *decorators.model_validators])
    shape: Shape = {"type": "object"}
    if checks:
        shape["checks"] = checks
    shape["fields"] = {name: _field(name, info) for name, info in kind.model_fields.items()}
    return shape


def _field(name: str, info: FieldInfo) -> Shape:
    if info.alias or info.validation_alias or info.serialization_alias:
        raise TypeError(f"{name}: a contract's field has one name")
    shape = _shape(info.annotation, info.metadata)
    if info.is_required():
        return {**shape, "required": True}
    default = info.get_default(call_default_factory=True, validated_data={})
    return {**shape, "default": to_jsonable_python(default)}


def _shape(annotation: Any, metadata: Sequence[Any]) -> Shape:
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _shape(arguments[0], [*arguments[1:], *metadata])
    if origin in {Union, UnionType} and NoneType in arguments and len(arguments) == 2:
        inner = next(argument for argument in arguments if argument is not NoneType)
        return {**_shape(inner, metadata), "nullable": True}
    return {**_bare(annotation), **_limits(metadata)}


def _bare(annotation: Any) -> Shape:
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Literal:
        return {"type": "enum", "values": sorted(arguments)}
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "list", "items": _shape(arguments[0], ())}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object(annotation)
    if annotation in _PLAIN:
        return {"type": _PLAIN[annotation]}
    raise TypeError(f"{annotation!r} is no type of a contract")


def _limits(metadata: Sequence[Any]) -> Shape:
    limits: Shape = {}
    checks: list[str] = []
    for constraint in _flat(metadata):
        values = {name: getattr(constraint, name, None) for name in _LIMITS}
        known = {
            name: value if isinstance(value, int | str) else str(value)
            for name, value in values.items()
            if value is not None
        }
        function = getattr(constraint, "func", None)
        if not known and function is None:
            raise TypeError(f"{constraint!r} is no limit of a contract")
        limits |= known
        if function is not None and constraint is not Digits:
            checks.append(function.__qualname__)
    shape: Shape = {"limits": limits} if limits else {}
    return shape | ({"checks": sorted(checks)} if checks else {})


def _flat(metadata: Sequence[Any]) -> list[Any]:
    return [
        single
        for constraint in metadata
        for single in (constraint.metadata if isinstance(constraint, FieldInfo) else (constraint,))
    ]
