"""What became of pushing a document: acknowledged, failed with a next attempt, given up, replayed.

Business moments date what others see of an order; `now` is system time and drives the schedule.
"""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryFailed,
    DeliveryMessage,
    DeliveryReplayed,
    DeliveryTrouble,
)
from marktbund.errors import Conflict
from supplier_gateway.domain.deliveries import LIFETIME, Attempt, CallOutcome, Delivery
from supplier_gateway.domain.orders import AddressedOrder, DocumentFacts

Order = TypeVar("Order", bound=AddressedOrder)
Pushed = tuple[Order, list[DeliveryMessage]]


def arrived(order: Order, delivery_id: UUID, moment: datetime) -> Pushed[Order]:
    """The supplier's system took the document."""
    changed, events = order.acknowledge(delivery_id, moment, "webhook")
    return changed, list(events)


def failed(
    order: Order, attempt: Attempt, outcome: CallOutcome, now: datetime, chance: float
) -> Pushed[Order]:
    """A call did not deliver; chance: 0 to 1, spreads the pauses.

    Nothing is said of a document that arrived by another way, nor by a call that was given up as
    lost and begun anew.
    """
    delivery = order.delivery(attempt.delivery_id)
    if not delivery.open or delivery.attempts != attempt.number or outcome.result == "delivered":
        return order, []
    after = delivery.failed(outcome, now, chance)
    changed, facts = order.with_delivery(after)
    if after.abandoned_at is not None:
        return changed, [
            DeliveryAbandoned(
                **facts,
                reason=outcome.result,
                attempts=after.attempts,
                http_status=outcome.status,
            )
        ]
    # Gone: the channel is closed with this word, the schedule stands still until it is set anew.
    again = None if outcome.result == "gone" else after.next_attempt_at
    return changed, [_failure(facts, outcome.result, after, outcome.status, again)]


def missed(order: Order, attempt: Attempt, outcome: CallOutcome, now: datetime) -> Pushed[Order]:
    """A call failed at an address the channel has left since: due at once at the one it has now.

    It counts as no step of the schedule. Nothing is said of a document that arrived by another
    way, nor by a call that was given up as lost and begun anew.
    """
    delivery = order.delivery(attempt.delivery_id)
    if not delivery.open or delivery.attempts != attempt.number or outcome.result == "delivered":
        return order, []
    changed, facts = order.with_delivery(delivery.due_at(now))
    return changed, [_failure(facts, outcome.result, delivery, outcome.status, now)]


def held_back(
    order: Order, delivery_id: UUID, reason: DeliveryTrouble, now: datetime, until: datetime | None
) -> Pushed[Order]:
    """Due, but the supplier's channel lets nothing through: said once, given up after its lifetime.

    until: when the channel may let something through again, if that is known.
    """
    delivery = order.delivery(delivery_id)
    if not delivery.open or delivery.next_attempt_at is None:
        return order, []
    if now - delivery.next_attempt_at > LIFETIME:
        changed, facts = order.with_delivery(delivery.abandoned(now))
        return changed, [DeliveryAbandoned(**facts, reason=reason, attempts=delivery.attempts)]
    if delivery.held_at is not None:
        return order, []
    changed, facts = order.with_delivery(delivery.held(now))
    return changed, [_failure(facts, reason, delivery, None, until)]


def shut_reason(until: datetime | None) -> DeliveryTrouble:
    """Why a channel lets nothing through: others failed before, or it is closed for good."""
    return "channel_disabled" if until is None else "supplier_unreachable"


def replayed(order: Order, delivery_id: UUID, person_id: UUID, now: datetime) -> Pushed[Order]:
    """Push once more, at once. Raises Conflict (`delivery_acknowledged`, `delivery_waits`)."""
    delivery = order.delivery(delivery_id)
    if delivery.acknowledged_at is not None:
        raise Conflict("delivery_acknowledged", "Der Lieferant hat dieses Dokument schon")
    if delivery.next_attempt_at is None:
        raise Conflict(
            "delivery_waits",
            "Die Stornierung wartet auf ihre Bestellung",
            way_out="Lassen Sie zuerst die Bestellung erneut zustellen.",
        )
    changed, facts = order.with_delivery(delivery.replayed(now))
    return changed, [DeliveryReplayed(**facts, person_id=person_id)]


def _failure(
    facts: DocumentFacts,
    reason: DeliveryTrouble,
    delivery: Delivery,
    http_status: int | None,
    again: datetime | None,
) -> DeliveryFailed:
    return DeliveryFailed(
        **facts,
        reason=reason,
        attempts=delivery.attempts,
        http_status=http_status,
        next_attempt_at=again,
    )
