"""What the local parts that are no services answer to `/health/ready`."""

from typing import Literal

from marktbund.contracts.http import Answer


class ReadyAnswer(Answer):
    """The part takes requests."""

    status: Literal["ready"] = "ready"
