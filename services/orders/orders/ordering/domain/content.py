"""What an approver approves, as the bytes that are kept of it."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal

import orjson
from pydantic import JsonValue

from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import RouteDecision
from orders.ordering.domain.spot_orders import SpotOrder


def content_of(order: SpotOrder, decision: RouteDecision) -> bytes:
    """Lines and prices (net EUR), costs, unit, need, the route and its reasons, and what else the
    order says, if it says it: JSON with sorted keys, numbers as text.
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
    return orjson.dumps(content, default=_plain, option=orjson.OPT_SORT_KEYS)


def content_sha256(content: bytes) -> str:
    """Name of a content: SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def still_says(kept: bytes, now: bytes) -> bool:
    """Whether everything a kept content says is said now, unchanged. What a later release says
    besides, a field that did not exist when it was kept, was not approved and changes nothing.
    """
    return _covers(orjson.loads(now), orjson.loads(kept))


def _covers(now: JsonValue, kept: JsonValue) -> bool:
    if isinstance(kept, dict):
        return isinstance(now, dict) and all(
            name in now and _covers(now[name], value) for name, value in kept.items()
        )
    if isinstance(kept, list):
        return (
            isinstance(now, list)
            and len(now) == len(kept)
            and all(_covers(*pair) for pair in zip(now, kept, strict=True))
        )
    return type(now) is type(kept) and now == kept


def _line(line: OrderLine) -> Mapping[str, JsonValue]:
    later = {name for name in ("quote", "account") if getattr(line, name) is None}
    return line.model_dump(exclude=later)


def _decision(decision: RouteDecision) -> Mapping[str, JsonValue]:
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
