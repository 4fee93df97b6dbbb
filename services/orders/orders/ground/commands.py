"""What every command shares."""

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
