"""What can be asked of the file: that contents are deleted, their commitments stay."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from marktbund.texts import OneLine

Chain = Annotated[str, OneLine(64, min_length=1)]
Number = Annotated[int, Field(ge=1, lt=2**53)]


class DisposeContents(BaseModel):
    """Delete the contents of records of one chain.

    by: the person who decided; law: by which rule the content may not be kept any longer.
    """

    model_config = ConfigDict(frozen=True)

    chain: Chain
    numbers: Annotated[tuple[Number, ...], Field(min_length=1, max_length=10_000)]
    by: UUID
    reason: Annotated[str, OneLine(500, min_length=1)]
    law: Annotated[str, OneLine(200, min_length=1)]
