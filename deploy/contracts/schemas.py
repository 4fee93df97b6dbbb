"""Payloads as JSON Schema, in the words that AsyncAPI 3 and draft 7 share.

In: message classes. Out: one schema per message and part, by name. Decimals are strings with a
pattern: Pydantic leaves their limits out of what it says about written JSON.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core.core_schema import (
    ComputedField,
    CoreSchema,
    DataclassField,
    DecimalSchema,
    ModelField,
    TypedDictField,
)

from marktbund.contracts.base import Message

_Schema = CoreSchema | ModelField | DataclassField | TypedDictField | ComputedField


class _AsWritten(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: _Schema) -> bool:  # noqa: ARG002
        return False

    def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
        named = (
            ("gt", schema.get("gt")),
            ("ge", schema.get("ge")),
            ("lt", schema.get("lt")),
            ("le", schema.get("le")),
            ("max_digits", schema.get("max_digits")),
            ("decimal_places", schema.get("decimal_places")),
        )
        limits: dict[str, Decimal | int] = {
            name: limit for name, limit in named if limit is not None
        }
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


def payloads(kinds: Iterable[type[Message]]) -> Mapping[str, JsonSchemaValue]:
    """Schema name -> schema of every message and every part in it."""
    _, schema = models_json_schema(
        [(kind, "serialization") for kind in kinds],
        ref_template="#/components/schemas/{model}",
        schema_generator=_AsWritten,
    )
    return dict(schema["$defs"])
