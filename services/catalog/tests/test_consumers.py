"""What catalog hears: suppliers, newest state wins whatever the order."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from catalog.main import SERVICE
from catalog.store import supplier_table
from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import SUPPLIER_STATE, SupplierState
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork

Builder = Callable[[Message], Received]


async def hear(uow: UnitOfWork, *records: Received) -> None:
    assert SERVICE.hearing is not None
    await SERVICE.hearing.handlers[SUPPLIER_STATE](records, uow)


async def known(uow: UnitOfWork, supplier_id: UUID) -> tuple[str, str, int]:
    query = select(supplier_table).where(supplier_table.c.supplier_id == supplier_id)
    row = (await uow.connection.execute(query)).one()
    return row.name, row.status, row.version


def state(supplier_id: UUID, version: int, status: str = "active") -> SupplierState:
    return SupplierState(
        version=version, supplier_id=supplier_id, name=f"Fassung {version}", status=status
    )


async def test_a_batch_with_several_states_of_a_supplier_keeps_the_newest(
    uow: UnitOfWork, received: Builder
):
    first, second = new_id(), new_id()
    states = (state(first, 1), state(second, 1), state(first, 3, "suspended"), state(first, 2))
    await hear(uow, *(received(message) for message in states))
    assert await known(uow, first) == ("Fassung 3", "suspended", 3)
    assert await known(uow, second) == ("Fassung 1", "active", 1)


async def test_a_repeated_or_late_state_changes_nothing(uow: UnitOfWork, received: Builder):
    supplier_id = new_id()
    await hear(uow, received(state(supplier_id, 2, "suspended")))
    await hear(uow, received(state(supplier_id, 1)))
    await hear(uow, received(state(supplier_id, 2, "suspended")))
    assert await known(uow, supplier_id) == ("Fassung 2", "suspended", 2)
