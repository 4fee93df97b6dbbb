"""What hinders a document on its way to the supplier, as long as it does."""

from datetime import datetime

from sqlalchemy import delete, text

from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryFailed,
    DeliveryMessage,
)
from marktbund.unit_of_work import UnitOfWork
from orders.ordering.store.tables import delivery_trouble

_NOTE = text("""
    INSERT INTO delivery_trouble
        (supplier_order_id, document, state, reason, attempts, next_attempt_at, since)
    VALUES (:supplier_order_id, :document, :state, :reason, :attempts, :next_attempt_at, :since)
    ON CONFLICT (supplier_order_id, document) DO UPDATE
       SET state = excluded.state, reason = excluded.reason, attempts = excluded.attempts,
           next_attempt_at = excluded.next_attempt_at
""")


async def note(
    uow: UnitOfWork, event: DeliveryFailed | DeliveryAbandoned, next_attempt_at: datetime | None
) -> None:
    """Keep the newest news; `since` stays that of the first."""
    row = {
        "supplier_order_id": event.supplier_order_id,
        "document": event.document,
        "state": "failing" if isinstance(event, DeliveryFailed) else "abandoned",
        "reason": event.reason,
        "attempts": event.attempts,
        "next_attempt_at": next_attempt_at,
        "since": uow.business_now,
    }
    await uow.connection.execute(_NOTE, row)


async def clear(uow: UnitOfWork, event: DeliveryMessage) -> None:
    """The document arrived, or is on its way again."""
    row = delivery_trouble.c
    cleared = (row.supplier_order_id == event.supplier_order_id) & (row.document == event.document)
    await uow.connection.execute(delete(delivery_trouble).where(cleared))
