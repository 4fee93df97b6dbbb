"""What doors take from outside: where a text, number, day or list has no bound of ours.

Read from pydantic's own core schemas, where our types show by the functions they put before.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from marktbund import addresses, days, money, texts

_CLEANED = {texts._cleaned, addresses.mail_address}
_DIGITS = money._digits_only
_DAY = days._day_only
_STEPS = ("schema", "items_schema", "keys_schema", "values_schema", "return_schema")


def faults(route: APIRoute) -> list[str]:
    """Every input of a door that may be endless, hold controls, or is judged by a lax type."""
    wrong: list[str] = []
    for name, kind in _inputs(route.dependant):
        wrong += _Walk().of(TypeAdapter(kind).core_schema, name)
    return list(dict.fromkeys(wrong))


def _inputs(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    fields = (
        *dependant.path_params,
        *dependant.query_params,
        *dependant.header_params,
        *dependant.cookie_params,
        *dependant.body_params,
    )
    for field in fields:
        kind: Any = field.field_info.annotation
        for word in field.field_info.metadata:
            kind = Annotated[kind, word]
        yield field.alias, kind
    for inner in dependant.dependencies:
        yield from _inputs(inner)


class _Walk:
    """One core schema; `definitions` are the parts it refers to by name, each looked at once."""

    def __init__(self) -> None:
        self._definitions: dict[str, Any] = {}

    def of(self, schema: Any, where: str, before: frozenset[Any] = frozenset()) -> list[str]:
        kind = schema["type"]
        if kind == "definitions":
            self._definitions |= {part["ref"]: part for part in schema["definitions"]}
        if kind == "definition-ref":
            part = self._definitions.pop(schema["schema_ref"], None)
            return [] if part is None else self.of(part, where, before)
        if kind.startswith("function-"):
            before |= {schema["function"]["function"]}
        wrong = [f"{where}: {fault}" for fault in _own(schema, before)]
        for name, field in _fields(schema):
            wrong += self.of(field, f"{where}.{name}")
        for step in _STEPS:
            inner = schema.get(step)
            if isinstance(inner, dict) and "type" in inner:
                wrong += self.of(inner, where if step == "schema" else f"{where}[]", before)
        for choice in (*_choices(schema), *_items(schema)):
            wrong += self.of(choice, where, before)
        return wrong


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    fields = schema.get("fields")
    if isinstance(fields, dict):
        yield from ((name, field["schema"]) for name, field in fields.items())


def _choices(schema: dict[str, Any]) -> list[Any]:
    choices = schema.get("choices", [])
    listed = list(choices.values()) if isinstance(choices, dict) else choices
    return [choice[0] if isinstance(choice, tuple) else choice for choice in listed]


def _items(schema: dict[str, Any]) -> list[Any]:
    items = schema.get("items_schema")
    return items if isinstance(items, list) else []


def _own(schema: dict[str, Any], before: frozenset[Any]) -> Iterator[str]:
    kind = schema["type"]
    if kind == "str":
        if "max_length" not in schema and not _closed(schema.get("pattern", "")):
            yield "a text without a longest length"
        if not _CLEANED & before and "pattern" not in schema:
            yield "a text that takes controls"
    if kind == "float" or (kind == "decimal" and _DIGITS not in before):
        yield "a number that is not of marktbund.money"
    if kind == "date" and _DAY not in before:
        yield "a day that is not of marktbund.days"
    if kind == "int" and not {"le", "lt"} & set(schema):
        yield "a whole number without a highest value"
    endless = kind in {"list", "set", "frozenset", "dict"} or (
        kind == "tuple" and "variadic_item_index" in schema
    )
    if endless and "max_length" not in schema:
        yield f"a {kind} without a longest length"


def _closed(pattern: str) -> bool:
    return pattern.startswith("^") and pattern.endswith("$") and not set(pattern) & set("*+.")
