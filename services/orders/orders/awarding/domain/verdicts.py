"""What an approver says to a decided order."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from marktbund.contracts.order_steps import Hindrance, Occasion


@dataclass(frozen=True, slots=True)
class Decided:
    """What an approver decided on the content with that hash, and why.

    occasion, hindrances: nobody turned the order down; when `by` let it go on, these reasons stood
    against it.
    """

    verdict: Literal["approve", "refuse", "send_back"]
    by: UUID
    seen_sha256: str
    comment: str
    occasion: Occasion | None = None
    hindrances: tuple[Hindrance, ...] = ()
