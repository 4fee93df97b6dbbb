"""The release after this one, as far as tests need it: one type of event more, with a flag.

`python -m tests.failures.later <package> [arguments]` is that service as it will be. orders, as the
producer, announces `SupplierOrderCounted` beside each supplier order it places, where the flag is
on. tender-planning, as a reader that is out, writes each into the table `counted`. All others know
the type and have nothing to do with it.
"""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text

from marktbund import unit_of_work
from marktbund.composition import Service, run
from marktbund.consuming import Handler, Hearing
from marktbund.contracts import MESSAGES
from marktbund.contracts.base import Message, Topic
from marktbund.contracts.introduced import INTRODUCED, Introduced
from marktbund.contracts.orders import SUPPLIER_ORDER_EVENTS, SupplierOrderPlaced
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork

FLAG = "counted"
_WRITE = text("INSERT INTO counted (supplier_order_id) VALUES (:supplier_order_id)")


class SupplierOrderCounted(Message):
    """A type that comes to a topic which others read already, under keys of its own."""

    topic: ClassVar[Topic] = SUPPLIER_ORDER_EVENTS
    key_field: ClassVar[str] = "count_id"

    count_id: UUID
    supplier_order_id: UUID
    member_id: UUID


TYPE = SupplierOrderCounted.type_name()


class Counting(UnitOfWork):
    """The producer: asks for the flag, then announces."""

    def announce(self, *events: Message, origin: Origin | None = None) -> None:
        super().announce(*events, origin=origin)
        for event in events:
            if isinstance(event, SupplierOrderPlaced) and self.emits(SupplierOrderCounted):
                counted = SupplierOrderCounted(
                    version=1,
                    count_id=new_id(),
                    supplier_order_id=event.supplier_order_id,
                    member_id=event.member_id,
                )
                super().announce(counted, origin=origin)


def writing(today: Handler) -> Handler:
    """The reader: what it does today, and the new type beside it."""

    async def handle(records: Sequence[Received], uow: UnitOfWork) -> None:
        await today([record for record in records if record.type != TYPE], uow)
        for record in records:
            if isinstance(record.event, SupplierOrderCounted):
                shown = {"supplier_order_id": record.event.supplier_order_id}
                await uow.connection.execute(_WRITE, shown)

    return handle


def reading(hearing: Hearing) -> Hearing:
    """A hearing whose handler of supplier orders knows the type."""
    handler = writing(hearing.handlers[SUPPLIER_ORDER_EVENTS])
    return replace(hearing, handlers={**hearing.handlers, SUPPLIER_ORDER_EVENTS: handler})


if __name__ == "__main__":
    package = sys.argv.pop(1)
    MESSAGES[TYPE] = SupplierOrderCounted
    INTRODUCED[TYPE] = Introduced("99.0.0", FLAG)
    service: Service = importlib.import_module(f"{package}.main").SERVICE
    if package == "orders":
        unit_of_work.UnitOfWork = Counting
    if package == "tender_planning" and service.hearing is not None:
        service = replace(service, hearing=reading(service.hearing))
    run(service, importlib.import_module(f"{package}.settings").Settings())
