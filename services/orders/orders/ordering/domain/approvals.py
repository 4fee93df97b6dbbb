"""One approval step: four eyes, bound to what the approver saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marktbund.contracts.order_steps import Hindrance, Occasion
from marktbund.errors import Conflict, Forbidden
from orders.awarding.face.values import Decided, KeptDecision
from orders.ground.domain.reasons import Reason
from orders.ordering.domain.content import content_of, still_says
from orders.ordering.domain.spot_orders import SpotOrder


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an order stands after a decision. hindrances: why it went back instead of on;
    draft_order_id: the draft it goes on as.
    """

    order: SpotOrder
    hindrances: tuple[Hindrance, ...] = ()
    draft_order_id: UUID | None = None


def hindered(
    order: SpotOrder, by: UUID, seen_sha256: str, occasion: Occasion, reasons: Sequence[Reason]
) -> Decided:
    """What becomes of an order that cannot be placed any more: back to its requester; a call-off,
    which has no draft, is refused and can be called off anew.
    """
    return Decided(
        "refuse" if order.order_kind == "call_off" else "send_back",
        by,
        seen_sha256,
        " ".join(reason.sentence for reason in reasons),
        occasion,
        tuple(reason.hindrance() for reason in reasons),
    )


def require_right(order: SpotOrder, kept: KeptDecision, by: UUID, seen_sha256: str) -> None:
    """Raises Forbidden (`four_eyes`) for the requester, Conflict (`order_state`) unless the order
    waits for an approver, and Conflict (`content_changed`) when something else was looked at, or
    the order does not say any more what was kept of it for its approver.
    """
    order.after("approve")
    if by == order.requester_id:
        raise Forbidden(
            "four_eyes",
            "Die eigene Bestellung kann niemand genehmigen",
            way_out="Bitte eine andere Person um Genehmigung.",
        )
    if seen_sha256 != kept.content_sha256 or not _holds(kept, order):
        raise Conflict(
            "content_changed",
            "Die Bestellung hat sich geändert",
            "Geprüft wurde ein anderer Stand als der jetzige.",
            field="content_sha256",
            way_out="Bitte neu laden und noch einmal prüfen.",
        )


def _holds(kept: KeptDecision, order: SpotOrder) -> bool:
    # Decisions of before bytes were kept have their hash alone (ADR 0046).
    return kept.content is None or still_says(kept.content, content_of(order, kept.decision))
