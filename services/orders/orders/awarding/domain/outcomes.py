"""What came of deciding: the way of an order, its offers, and what an approver says to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from marktbund.contracts.order_steps import Hindrance, Occasion
from marktbund.contracts.routes import KeptOffer, Release, RouteDecision
from marktbund.errors import Conflict
from orders.ground.domain.buyers import Buyer


@dataclass(frozen=True, slots=True)
class Routed:
    """What an order's submission says of its way: the need, the decision, the offers kept."""

    need_id: UUID | None = None
    decision: RouteDecision | None = None
    offers: tuple[KeptOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """An order that counts in its need and pots. release: an award office's for it."""

    order_id: UUID
    need_id: UUID
    buyer: Buyer
    release: Release | None = None


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


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """An order's `decision_no`-th decision, with what was put before its approver: the SHA-256 of
    the bytes kept of it, and those bytes, which decisions of earlier releases do not have.
    """

    decision_no: int
    decision: RouteDecision
    content_sha256: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Comparables:
    """How many comparable offers there are, the fewest of any line, and those kept."""

    offers: int
    kept: tuple[KeptOffer, ...]


def require_enough(decision: RouteDecision, offers: Sequence[KeptOffer]) -> None:
    """Raises Conflict (`offers_insufficient`) where too few were asked or answered for a decision's
    route, or a supplier stands there twice.
    """
    asked = {offer.supplier_name.casefold() for offer in offers}
    received = sum(offer.kind == "received" for offer in offers)
    enough = len(asked) >= decision.offers_asked and received >= decision.offers_received
    if not enough or len(asked) < len(offers):
        raise Conflict(
            "offers_insufficient",
            "Zu wenige Angebote eingeholt",
            f"Nötig: {decision.offers_asked} voneinander unabhängige Unternehmen angefragt, "
            f"{decision.offers_received} Angebote eingegangen.",
            field="offers",
            way_out="Weitere Unternehmen anfragen oder mit Begründung freigeben.",
        )
