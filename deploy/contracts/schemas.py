"""Payloads as JSON Schema, in the words that AsyncAPI 3 and draft 7 share.

In: message classes. Out: one schema per message and part, by name. Decimals are strings with a
pattern: Pydantic leaves their limits out of what it says about written JSON.
"""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core.core_schema import DecimalSchema

from marktbund.contracts.base import Message

_LIMITS = ("gt", "ge", "lt", "le", "max_digits", "decimal_places")


class _AsWritten(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - Pydantic's signature
        return False

    def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
        limits: dict[str, Any] = {name: schema[name] for name in _LIMITS if name in schema}  # type: ignore[literal-required]
        whole = limits.get("max_digits", 0) - limits.get("decimal_places", 0)
        digits = f"{{1,{whole}}}" if whole > 0 else "+"
        sign = "" if max(limits.get("gt", -1), limits.get("ge", -1)) >= 0 else "-?"
        written: JsonSchemaValue = {
            "type": "string",
            "pattern": f"^{sign}[0-9]{digits}(\\.[0-9]+)?$",
        }
        if limits:
            written["description"] = "Decimal, " + ", ".join(f"{k} {v}" for k, v in limits.items())
        return written


def payloads(kinds: Iterable[type[Message]]) -> dict[str, Any]:
    """Schema name -> schema of every message and every part in it."""
    _, schema = models_json_schema(
        [(kind, "serialization") for kind in kinds],
        ref_template="#/components/schemas/{model}",
        schema_generator=_AsWritten,
    )
    return dict(schema["$defs"])
