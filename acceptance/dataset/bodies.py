"""What acceptance sends, as JSON: written out, as an outside system would, without our models."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Decimal | Sequence[Json] | Mapping[str, Json] | None"
"""A value of a request; a Decimal travels as a string."""

Body = Mapping[str, Json]
