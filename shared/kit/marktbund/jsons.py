"""JSON in and out, in one place: orjson, Decimals as strings."""

from decimal import Decimal
from typing import Any

import orjson


def _default(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def dumps(value: object) -> str:
    """Compact JSON text."""
    return orjson.dumps(value, default=_default).decode()


def loads(text: str | bytes) -> Any:
    """A JSON document as Python values."""
    return orjson.loads(text)
