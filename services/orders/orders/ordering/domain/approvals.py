"""One approval step: four eyes, bound to what the approver saw."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import orjson

from marktbund.contracts.order_steps import Hindrance, Occasion
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import RouteDecision
from marktbund.errors import Conflict, Forbidden
from orders.awarding.domain.outcomes import Decided
from orders.ground.domain.reasons import Reason
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


def content_sha256(order: SpotOrder, decision: RouteDecision) -> str:
    """Hash of what is approved: lines and prices, costs, unit, need, the route and its reasons,
    and what else the order says, if it says it: hashes of before there was such a field stay good.
    """
    terms = order.terms
    later = {
        "account": terms.account and terms.account.model_dump(),
        "delivery": terms.delivery and terms.delivery.model_dump(),
        "buyer_reference": terms.buyer_reference,
        "purpose": terms.purpose,
    }
    content = {
        "order_id": order.order_id,
        "order_kind": order.order_kind,
        "lines": [_line(line) for line in order.lines],
        "side_costs_net": terms.side_costs_net,
        "unit_id": terms.unit_id,
        "need_id": order.need_id,
        "decision": _decision(decision),
        **{name: value for name, value in later.items() if value},
    }
    text = orjson.dumps(content, default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _line(line: OrderLine) -> dict[str, object]:
    later = {name for name in ("quote", "account") if getattr(line, name) is None}
    return line.model_dump(exclude=later)


def _decision(decision: RouteDecision) -> dict[str, object]:
    dumped = decision.model_dump()
    for known in dumped["inputs"]["classes"]:
        if not known["windows"]:
            del known["windows"]
    return dumped


def _plain(value: object) -> str:
    # 12.5 and 12.5000 are the same price, as it was sent and as it was kept.
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def require_right(order: SpotOrder, decision: RouteDecision, by: UUID, seen_sha256: str) -> None:
    """Raises Forbidden (`four_eyes`) for the requester, Conflict (`order_state`) unless the order
    waits for an approver, and Conflict (`content_changed`) when something else was looked at.
    """
    order.after("approve")
    if by == order.requester_id:
        raise Forbidden(
            "four_eyes",
            "Die eigene Bestellung kann niemand genehmigen",
            way_out="Bitte eine andere Person um Genehmigung.",
        )
    if seen_sha256 != content_sha256(order, decision):
        raise Conflict(
            "content_changed",
            "Die Bestellung hat sich geändert",
            "Geprüft wurde ein anderer Stand als der jetzige.",
            field="content_sha256",
            way_out="Bitte neu laden und noch einmal prüfen.",
        )
