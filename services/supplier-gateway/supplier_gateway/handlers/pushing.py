"""Claim (commit) -> call -> record (commit): the two ends of a call, and what stands behind it.

Set-wise: one commit claims for many suppliers, one commit records many outcomes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from marktbund import statements
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.domain import calls, pushing
from supplier_gateway.domain.breakers import rooms_of
from supplier_gateway.domain.calls import (
    CallFacts,
    DeliveryClaim,
    EndedCall,
    HeldDocument,
    Settlement,
)
from supplier_gateway.domain.channels import Channel
from supplier_gateway.store import channels, claims, orders, suppliers
from supplier_gateway.store.channels import SealedSecret
from supplier_gateway.store.locks import HELD

LEASE = timedelta(seconds=60)
"""Longer than any call: only a worker that died leaves a claim to another."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Documents to call for now, their channels and what signs for them."""

    claims: Sequence[DeliveryClaim]
    channels: Mapping[UUID, Channel]
    secrets: Mapping[UUID, Sequence[SealedSecret]]


async def claim_documents(
    due: Sequence[UUID], most: int, now: datetime, uow: UnitOfWork
) -> Claimed:
    """Claim what is due for these suppliers, as far as bulkhead and breaker leave room.

    The claim is the last write: which of the documents that wait it takes is the database's to say,
    as other workers hold some of them.
    """
    held = await claims.lock_rooms(uow, due, now)
    known = {channel.supplier_id: channel for channel, _ in held}
    wanted = rooms_of([(key.supplier_id, key.breaker, calling) for key, calling in held], now)
    claimed = await claims.claim(uow, wanted, most, now, now + LEASE) if wanted else []
    called = sorted({claim.supplier_id for claim in claimed})
    return Claimed(claimed, known, await channels.live_secrets(uow, called, now))


async def record_calls(
    ended: Sequence[EndedCall],
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
    facts = await _gather(ended, uow)
    settled = calls.settle(facts, ended, now, [chance() for _ in ended], demo=demo)
    await claims.finish(uow, settled.finished, now)
    await _write(settled, uow, demo=demo)


async def hold_back(
    documents: Sequence[HeldDocument], now: datetime, uow: UnitOfWork, *, demo: bool
) -> None:
    """Tell of documents behind channels that let nothing through; give up those too old."""
    known = await orders.hold_orders(uow, {document.supplier_order_id for document in documents})
    await _write(calls.hold_back(known, documents, now), uow, demo=demo)


async def replay_delivery(delivery_id: UUID, person_id: UUID, uow: UnitOfWork) -> None:
    """Push a document again, from the start of its schedule. Raises what `replayed` raises."""
    supplier_order_id = await orders.order_of_delivery(uow, delivery_id)
    known = (await orders.hold_orders(uow, [supplier_order_id]))[supplier_order_id]
    order, news = pushing.replayed(known, delivery_id, person_id, uow.now)
    uow.announce(*news)
    await uow.write(*orders.saving([order], uow.now))


async def replay_of_supplier(supplier_id: UUID, person_id: UUID, most: int, uow: UnitOfWork) -> int:
    """Push a supplier's abandoned documents again, the oldest `most`; returns how many."""
    await suppliers.require_known(uow, supplier_id)
    abandoned = await claims.abandoned(uow, supplier_id, most)
    known = await orders.hold_orders(uow, {order_id for order_id, _ in abandoned})
    settled = calls.replay(known, abandoned, person_id, uow.now)
    await _write(settled, uow, demo=uow.origin.demo)
    return len(settled.news)


async def _gather(ended: Sequence[EndedCall], uow: UnitOfWork) -> CallFacts:
    gone = [call.claim.supplier_id for call in ended if call.outcome.result == "gone"]
    held = await statements.hold(
        uow.connection,
        HELD,
        suppliers.holding(gone),
        channels.holding([call.claim.supplier_id for call in ended]),
        orders.holding(call.claim.supplier_order_id for call in ended),
    )
    if held is None:
        raise RuntimeError("locks were asked for")
    return CallFacts(
        suppliers.suppliers_of(held.held_suppliers),
        channels.channels_of(held.held_channels),
        await orders.behind(uow, held.held_orders),
    )


async def _write(settled: Settlement, uow: UnitOfWork, *, demo: bool) -> None:
    uow.announce(*settled.news)
    for event, queued_at in settled.document_news:
        # The webhook-id joins our lines with the supplier's.
        origin = Origin(str(event.delivery_id), queued_at if demo else None, demo)
        uow.announce(event, origin=origin)
    await uow.write(
        *suppliers.saving(list(settled.suppliers.values())),
        *channels.saving(list(settled.channels.values())),
        *orders.saving(settled.orders.values(), uow.now),
    )
