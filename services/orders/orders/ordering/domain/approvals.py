"""One approval step: four eyes, bound to what the approver saw."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import orjson

from marktbund.contracts.base import Message
from marktbund.contracts.order_steps import Hindrance, Occasion, OrderRefused, OrderSentBack
from marktbund.contracts.orders import OrderApproved, OrderLine
from marktbund.contracts.routes import RouteDecision
from marktbund.errors import Conflict, Forbidden
from orders.awarding.domain.verdicts import Decided
from orders.ground.domain.reasons import Reason
from orders.ordering.domain.lines import Wanted
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


def approve(order: SpotOrder, decided: Decided) -> tuple[SpotOrder, list[Message]]:
    """Let the order pass, bound to what the approver saw."""
    approved = order.after("approve")
    event = OrderApproved(
        version=approved.version,
        order_id=order.order_id,
        member_id=order.member_id,
        basis="approver",
        approved_by=decided.by,
        content_sha256=decided.seen_sha256,
        comment=decided.comment,
    )
    return approved, [event]


def refuse(order: SpotOrder, decided: Decided) -> tuple[SpotOrder, list[Message]]:
    """End the order; its room is given back."""
    refused = order.after("refuse")
    event = OrderRefused(
        version=refused.version,
        order_id=order.order_id,
        member_id=order.member_id,
        refused_by=decided.by,
        content_sha256=decided.seen_sha256,
        comment=decided.comment,
        occasion=decided.occasion,
        hindrances=decided.hindrances,
    )
    return refused, [event]


def send_back(
    order: SpotOrder, decided: Decided, draft_id: UUID
) -> tuple[SpotOrder, SpotOrder, list[Message]]:
    """End the order and give its requester a draft of the same lines; lines sent off stay.

    Raises Conflict (`order_state`) for a call-off: its price and room belong to the agreement.
    """
    _require_no_call_off(order)
    sent_back = order.after("send_back")
    draft = replace(
        order,
        order_id=draft_id,
        status="draft",
        order_kind="spot",
        agreement_id=None,
        wanted=tuple(Wanted.again(line) for line in order.lines),
        lines=(),
        supplier_order_ids=(),
        version=0,
        submitted_at=None,
        placed_at=None,
        need_id=None,
        release=None,
    )
    event = OrderSentBack(
        version=sent_back.version,
        order_id=order.order_id,
        member_id=order.member_id,
        sent_back_by=decided.by,
        content_sha256=decided.seen_sha256,
        comment=decided.comment,
        draft_order_id=draft_id,
        occasion=decided.occasion,
        hindrances=decided.hindrances,
    )
    return sent_back, draft, [event]


def _require_no_call_off(order: SpotOrder) -> None:
    if order.order_kind == "call_off":
        raise Conflict(
            "order_state",
            "Ein Abruf wird genehmigt oder abgelehnt",
            "Sein Anteil an der Obergrenze ist gehalten.",
            way_out="Bitte ablehnen; danach kann neu abgerufen werden.",
        )
