"""What every command of a service shares."""

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """What can be asked. Unknown fields are refused, so that misspelt ones are noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
