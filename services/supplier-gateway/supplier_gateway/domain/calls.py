"""What a batch of calls leaves: documents arrived or due again, breakers moved, endpoints gone.

All of it is decided on what was held when the calls had ended, one call after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import DeliveryMessage
from supplier_gateway.domain import channels, pushing
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.deliveries import Attempt, CallOutcome
from supplier_gateway.domain.orders import AddressedOrder
from supplier_gateway.domain.suppliers import Supplier


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A document this worker may call for, until its lease ends. queued_at: business time."""

    attempt: Attempt
    supplier_id: UUID
    supplier_order_id: UUID
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class EndedCall:
    """A claim and what became of its call; called: the channel as it was then."""

    claim: DeliveryClaim
    outcome: CallOutcome
    called: Channel


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document behind a channel that lets nothing through; until: when it may again."""

    delivery_id: UUID
    supplier_order_id: UUID
    until: datetime | None


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """How an attempt ended; next_attempt_at: system time, None where none is to come."""

    attempt: Attempt
    outcome: CallOutcome
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What calls are settled against. suppliers: those whose endpoint says that it is gone.

    channels: by supplier, as they are now; one removed meanwhile is missing.
    """

    suppliers: Mapping[UUID, Supplier]
    channels: Mapping[UUID, Channel]
    orders: Mapping[UUID, AddressedOrder]


@dataclass(slots=True)
class Settlement:
    """What changed. document_news: of documents, with the business time they were queued at."""

    suppliers: dict[UUID, Supplier] = field(default_factory=dict)
    channels: dict[UUID, Channel] = field(default_factory=dict)
    orders: dict[UUID, AddressedOrder] = field(default_factory=dict)
    news: list[Message] = field(default_factory=list)
    document_news: list[tuple[DeliveryMessage, datetime]] = field(default_factory=list)
    finished: list[FinishedCall] = field(default_factory=list)


def settle(
    facts: CallFacts,
    ended: Sequence[EndedCall],
    now: datetime,
    chances: Sequence[float],
    *,
    demo: bool,
) -> Settlement:
    """Settle calls in the order they ended.

    chances: 0 to 1 for each call, spread the pauses. demo: the deployment's flag; there an order
    is acknowledged at the business time it was queued.
    """
    settled = Settlement()
    for call in ended:
        _hear(settled, facts, call, now)
    for call, chance in zip(ended, chances, strict=True):
        claim = call.claim
        key, attempt = claim.supplier_order_id, claim.attempt
        order = settled.orders.get(key, facts.orders[key])
        left = has_left(facts.channels.get(claim.supplier_id), call)
        if call.outcome.result == "delivered":
            moment = claim.queued_at if demo else now
            after, news = pushing.arrived(order, attempt.delivery_id, moment)
        elif left:
            after, news = pushing.missed(order, attempt, call.outcome, now)
        else:
            after, news = pushing.failed(order, attempt, call.outcome, now, chance)
        if news:
            settled.orders[key] = after
        settled.document_news += [(event, claim.queued_at) for event in news]
    settled.finished = [_finished(call, facts, settled) for call in ended]
    return settled


def has_left(channel: Channel | None, call: EndedCall) -> bool:
    """Whether a channel was set anew since it was called, be it to the same address."""
    if channel is None:
        return False
    return (channel.url, channel.set_in) != (call.called.url, call.called.set_in)


def _hear(settled: Settlement, facts: CallFacts, call: EndedCall, now: datetime) -> None:
    # What a channel's address said before it was set anew says nothing of it.
    key = call.claim.supplier_id
    before = facts.channels.get(key)
    if before is None or has_left(before, call):
        return
    channel = settled.channels.get(key, before)
    channel = replace(channel, breaker=channel.breaker.heard(call.outcome, now))
    if call.outcome.result == "gone":
        known = settled.suppliers.get(key, facts.suppliers[key])
        supplier, channel, events = channels.disable(known, channel)
        if events:
            settled.suppliers[key] = supplier
        settled.news += events
    if channel != before or key in settled.channels:
        settled.channels[key] = channel


def _finished(call: EndedCall, facts: CallFacts, settled: Settlement) -> FinishedCall:
    key, attempt = call.claim.supplier_order_id, call.claim.attempt
    delivery = settled.orders.get(key, facts.orders[key]).delivery(attempt.delivery_id)
    return FinishedCall(attempt, call.outcome, delivery.next_attempt_at if delivery.open else None)


def hold_back(
    orders: Mapping[UUID, AddressedOrder], documents: Sequence[HeldDocument], now: datetime
) -> Settlement:
    """Tell of documents behind channels that let nothing through; give up those too old."""
    settled = Settlement()
    for document in documents:
        key = document.supplier_order_id
        order = settled.orders.get(key, orders[key])
        reason = pushing.shut_reason(document.until)
        after, news = pushing.held_back(order, document.delivery_id, reason, now, document.until)
        if news:
            settled.orders[key] = after
        queued_at = order.delivery(document.delivery_id).queued_at
        settled.document_news += [(event, queued_at) for event in news]
    return settled


def replay(
    orders: Mapping[UUID, AddressedOrder],
    abandoned: Sequence[tuple[UUID, UUID]],
    person_id: UUID,
    now: datetime,
) -> Settlement:
    """Push documents again, (supplier order, document) each, that are still given up."""
    settled = Settlement()
    for key, delivery_id in abandoned:
        order = settled.orders.get(key, orders[key])
        if not order.delivery(delivery_id).given_up:
            continue  # acknowledged or replayed by somebody else while we waited for the lock
        settled.orders[key], news = pushing.replayed(order, delivery_id, person_id, now)
        settled.news += news
    return settled
