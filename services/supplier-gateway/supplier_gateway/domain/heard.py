"""What orders placed and took back, as documents for suppliers: a batch, folded in its order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marktbund.contracts.orders import SupplierOrderCancelled, SupplierOrderPlaced
from marktbund.contracts.supplier_gateway import DeliveryQueued
from marktbund.errors import NotFound
from supplier_gateway.domain.orders import AddressedOrder


@dataclass(frozen=True, slots=True)
class HeardOrder:
    """News of a supplier order. moment: business time. delivery_id: of its document."""

    event: SupplierOrderPlaced | SupplierOrderCancelled
    moment: datetime
    delivery_id: UUID


@dataclass(frozen=True, slots=True)
class Folded:
    """What a batch leaves. taken: orders nobody knew before. changed: those taken back, new or not.

    news: what is announced, with the position in the batch of what it follows from.
    """

    taken: Mapping[UUID, AddressedOrder]
    changed: Mapping[UUID, AddressedOrder]
    news: Sequence[tuple[int, DeliveryQueued]]


def first_placed(heard: Iterable[HeardOrder]) -> Mapping[UUID, SupplierOrderPlaced]:
    """The first word that places each supplier order of a batch, in the order they came."""
    placed: dict[UUID, SupplierOrderPlaced] = {}
    for word in heard:
        if isinstance(word.event, SupplierOrderPlaced):
            placed.setdefault(word.event.supplier_order_id, word.event)
    return placed


def fold(
    known: Mapping[UUID, AddressedOrder], new: Collection[UUID], heard: Sequence[HeardOrder]
) -> Folded:
    """Take orders in and back. known: those of the batch that had been taken in before; new: those
    that had not. What was heard before changes nothing.

    Raises NotFound (`supplier_order_unknown`): an order comes before it is taken back.
    """
    orders = dict(known)
    changed: dict[UUID, AddressedOrder] = {}
    news: list[tuple[int, DeliveryQueued]] = []
    for position, word in enumerate(heard):
        key = word.event.supplier_order_id
        if isinstance(word.event, SupplierOrderPlaced):
            if key in new and key not in orders:
                orders[key], queued = AddressedOrder.take(word.event, word.delivery_id, word.moment)
                news.append((position, queued))
            continue
        if key not in orders:
            raise unknown_order()
        order, events = orders[key].cancel(word.event.reason, word.delivery_id, word.moment)
        if events:
            orders[key] = changed[key] = order
            news += [(position, event) for event in events]
    return Folded({key: orders[key] for key in orders if key in new}, changed, news)


def unknown_order() -> NotFound:
    """The refusal for a supplier order that is not there, or not this supplier's."""
    return NotFound(
        "supplier_order_unknown",
        "Diese Lieferantenbestellung gibt es nicht",
        field="supplier_order_id",
    )
