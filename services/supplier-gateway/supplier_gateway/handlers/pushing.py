"""Claim (commit) -> call -> record (commit): the two ends of a call, and what stands behind it.

Set-wise: one commit claims for many suppliers, one commit records many outcomes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from marktbund.contracts.supplier_gateway import DeliveryMessage
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway import store
from supplier_gateway.domain import channels as domain
from supplier_gateway.domain import pushing
from supplier_gateway.domain.channels import Channel
from supplier_gateway.domain.deliveries import Attempt, CallOutcome
from supplier_gateway.domain.orders import SupplierOrder
from supplier_gateway.store import channels, claims
from supplier_gateway.store.channels import SealedSecret
from supplier_gateway.store.claims import DeliveryClaim, Held

LEASE = timedelta(seconds=60)
"""Longer than any call: only a worker that died leaves a claim to another."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Documents to call for now, their channels and what signs for them."""

    claims: Sequence[DeliveryClaim]
    channels: Mapping[UUID, Channel]
    secrets: Mapping[UUID, Sequence[SealedSecret]]


@dataclass(frozen=True, slots=True)
class Ended:
    """A claim and what became of its call; called: the channel as it was then."""

    claim: DeliveryClaim
    outcome: CallOutcome
    called: Channel


async def claim_documents(
    suppliers: Sequence[UUID], most: int, now: datetime, uow: UnitOfWork
) -> Claimed:
    """Claim what is due for these suppliers, as far as bulkhead and breaker leave room."""
    rooms = await claims.lock_rooms(uow, suppliers, now)
    wanted = {
        channel.supplier_id: room
        for channel, in_flight in rooms
        if (room := channel.breaker.room(now, in_flight))
    }
    due = await claims.claim(uow, wanted, most, now, now + LEASE) if wanted else []
    called = {claim.supplier_id for claim in due}
    known = {channel.supplier_id: channel for channel, _ in rooms}
    return Claimed(due, known, await channels.live_secrets(uow, sorted(called), now))


async def record_calls(
    ended: Sequence[Ended],
    now: datetime,
    chance: Callable[[], float],
    uow: UnitOfWork,
    *,
    demo: bool,
) -> None:
    """Record outcomes: documents acknowledged, failed or given up; breakers moved.

    chance: 0 to 1 at each call, spreads the pauses. demo: the deployment's flag; there an order is
    acknowledged at the business time it was queued.
    """
    known = await _heard_by_channels(ended, now, uow)
    orders = await store.lock_orders(uow, [call.claim.supplier_order_id for call in ended])
    changed: dict[UUID, SupplierOrder] = {}
    for call in ended:
        order = orders[call.claim.supplier_order_id]
        origin = _origin(call.claim.attempt.delivery_id, call.claim.queued_at, demo=demo)
        moved = _moved(known.get(call.claim.supplier_id), call)
        after, news = _outcome_of(order, call, now, chance(), origin, moved=moved)
        orders[order.supplier_order_id] = after
        if news:
            changed[order.supplier_order_id] = after
        uow.announce(*news, origin=origin)
    await store.save_orders(uow, list(changed.values()))
    await claims.finish(uow, [_finished(call, orders) for call in ended], now)


async def hold_back(
    documents: Sequence[Held], now: datetime, uow: UnitOfWork, *, demo: bool
) -> None:
    """Tell of documents behind channels that let nothing through; give up those too old."""
    orders = await store.lock_orders(uow, [document.supplier_order_id for document in documents])
    for document in documents:
        order = orders[document.supplier_order_id]
        reason = pushing.shut_reason(document.until)
        after, news = pushing.held_back(order, document.delivery_id, reason, now, document.until)
        orders[document.supplier_order_id] = after
        queued_at = order.delivery(document.delivery_id).queued_at
        uow.announce(*news, origin=_origin(document.delivery_id, queued_at, demo=demo))
    await store.save_orders(uow, list(orders.values()))


async def replay_delivery(delivery_id: UUID, person_id: UUID, uow: UnitOfWork) -> SupplierOrder:
    """Push a document again, from the start of its schedule."""
    supplier_order_id = await store.order_of_delivery(uow, delivery_id)
    order = (await store.lock_orders(uow, [supplier_order_id]))[supplier_order_id]
    order, news = pushing.replayed(order, delivery_id, person_id, uow.now)
    await store.save_orders(uow, [order])
    uow.announce(*news)
    return order


async def replay_of_supplier(supplier_id: UUID, person_id: UUID, most: int, uow: UnitOfWork) -> int:
    """Push a supplier's abandoned documents again, the oldest `most`; returns how many."""
    await store.load_supplier(uow, supplier_id)
    abandoned = await claims.abandoned(uow, supplier_id, most)
    if not abandoned:
        return 0
    orders = await store.lock_orders(uow, [order_id for order_id, _ in abandoned])
    count = 0
    for order_id, delivery_id in abandoned:
        order = orders[order_id]
        if not order.delivery(delivery_id).given_up:
            continue  # acknowledged or replayed by somebody else while we waited for the lock
        orders[order_id], news = pushing.replayed(order, delivery_id, person_id, uow.now)
        uow.announce(*news)
        count += 1
    await store.save_orders(uow, list(orders.values()))
    return count


def _outcome_of(
    order: SupplierOrder,
    call: Ended,
    now: datetime,
    chance: float,
    origin: Origin,
    *,
    moved: bool,
) -> tuple[SupplierOrder, list[DeliveryMessage]]:
    attempt = call.claim.attempt
    if call.outcome.result == "delivered":
        return pushing.arrived(order, attempt.delivery_id, origin.business_time or now)
    if moved:
        return pushing.missed(order, attempt, call.outcome, now)
    return pushing.failed(order, attempt, call.outcome, now, chance)


def _finished(
    call: Ended, orders: Mapping[UUID, SupplierOrder]
) -> tuple[Attempt, CallOutcome, datetime | None]:
    delivery = orders[call.claim.supplier_order_id].delivery(call.claim.attempt.delivery_id)
    return call.claim.attempt, call.outcome, delivery.next_attempt_at if delivery.open else None


async def _heard_by_channels(
    ended: Sequence[Ended], now: datetime, uow: UnitOfWork
) -> Mapping[UUID, Channel]:
    """Breakers moved and endpoints that are gone closed; the channels as they were before.

    What a channel's address said before it was set anew, be it to the same, says nothing of it.
    """
    gone = {call.claim.supplier_id for call in ended if call.outcome.result == "gone"}
    suppliers = {
        supplier_id: await store.load_supplier(uow, supplier_id, lock=True)
        for supplier_id in sorted(gone)
    }
    known = await channels.lock_channels(uow, [call.claim.supplier_id for call in ended])
    changed = dict(known)
    for call in ended:
        channel = changed.get(call.claim.supplier_id)
        if channel is None or _moved(channel, call):
            continue
        breaker = channel.breaker.heard(call.outcome, now)
        changed[channel.supplier_id] = channel = replace(channel, breaker=breaker)
        if call.outcome.result == "gone":
            supplier, channel, events = domain.disable(suppliers[channel.supplier_id], channel)
            suppliers[channel.supplier_id], changed[channel.supplier_id] = supplier, channel
            if events:
                await store.save_supplier(uow, supplier)
            uow.announce(*events)
    different = [channel for key, channel in changed.items() if channel != known[key]]
    await channels.save_channels(uow, different)
    return known


def _moved(channel: Channel | None, call: Ended) -> bool:
    if channel is None:
        return False
    return (channel.url, channel.set_in) != (call.called.url, call.called.set_in)


def _origin(delivery_id: UUID, queued_at: datetime, *, demo: bool) -> Origin:
    # The webhook-id joins our lines with the supplier's.
    return Origin(str(delivery_id), queued_at if demo else None, demo)
