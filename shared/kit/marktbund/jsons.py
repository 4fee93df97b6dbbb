"""JSON in and out, in one place: orjson, Decimals as strings."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import orjson

Json: TypeAlias = "bool | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""What a JSON document is made of, to be looked at."""


def _default(value: Decimal) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def dumps(value: object) -> str:
    """Compact JSON text."""
    return orjson.dumps(value, default=_default).decode()


def loads(text: str | bytes) -> Any:
    """A JSON document as Python values, which whoever reads it knows. Raises ValueError."""
    return orjson.loads(text)
