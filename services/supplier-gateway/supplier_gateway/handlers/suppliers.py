"""The supplier register: who they are, and who speaks for them."""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from supplier_gateway.commands import ChangeSupplierStatus, RegisterSupplier, ReplaceCredentials
from supplier_gateway.domain.suppliers import Supplier
from supplier_gateway.store import suppliers


async def register_supplier(command: RegisterSupplier, uow: UnitOfWork) -> Supplier:
    """Enter a supplier in the register."""
    supplier, events = Supplier.register(new_id(), command.name)
    uow.announce(*events)
    await uow.write(*suppliers.adding(supplier))
    return supplier


async def replace_credentials(
    supplier_id: UUID, command: ReplaceCredentials, uow: UnitOfWork
) -> Supplier:
    """Replace who speaks for a supplier. Raises what `Supplier.replace_credentials` raises."""
    owners = await suppliers.hold_credentials(uow, command.subs)
    known = await suppliers.hold_supplier(uow, supplier_id)
    supplier, events = known.replace_credentials(command.subs, owners)
    if events:
        uow.announce(*events)
        await uow.write(*suppliers.saving_subs(supplier))
    return supplier


async def change_supplier_status(
    supplier_id: UUID, command: ChangeSupplierStatus, uow: UnitOfWork
) -> Supplier:
    """Suspend, reinstate or let go. Raises what `Supplier.change_status` raises."""
    known = await suppliers.hold_supplier(uow, supplier_id)
    supplier, events = known.change_status(command.status)
    if events:
        uow.announce(*events)
        await uow.write(*suppliers.saving([supplier]))
    return supplier
