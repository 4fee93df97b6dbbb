"""The supplier register: who they are, and who speaks for them."""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway import store
from supplier_gateway.commands import ChangeSupplierStatus, RegisterSupplier, ReplaceCredentials
from supplier_gateway.domain.suppliers import Supplier


async def register_supplier(command: RegisterSupplier, uow: UnitOfWork) -> Supplier:
    """Enter a supplier in the register."""
    supplier, events = Supplier.register(new_id(), command.name)
    await store.add_supplier(uow, supplier)
    uow.announce(*events)
    return supplier


async def replace_credentials(
    supplier_id: UUID, command: ReplaceCredentials, uow: UnitOfWork
) -> Supplier:
    """Replace who speaks for a supplier."""
    supplier = await store.load_supplier(uow, supplier_id)
    supplier, events = supplier.replace_credentials(command.subs)
    if events:
        await store.save_supplier(uow, supplier)
        await store.save_credentials(uow, supplier)
    uow.announce(*events)
    return supplier


async def change_supplier_status(
    supplier_id: UUID, command: ChangeSupplierStatus, uow: UnitOfWork
) -> Supplier:
    """Suspend, reinstate or let go."""
    supplier = await store.load_supplier(uow, supplier_id)
    supplier, events = supplier.change_status(command.status)
    if events:
        await store.save_supplier(uow, supplier)
    uow.announce(*events)
    return supplier
