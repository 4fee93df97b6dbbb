"""News of suppliers and members become what portal knows of them."""

from collections.abc import Sequence

from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from portal.store import replicas


async def keep_sellers(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Know which accounts speak for which supplier."""
    events = (record.event for record in records)
    await replicas.keep_sellers(uow, [e for e in events if isinstance(e, SupplierState)])


async def keep_member_names(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Know members by name."""
    events = (record.event for record in records)
    await replicas.keep_members(uow, [e for e in events if isinstance(e, MemberState)])
