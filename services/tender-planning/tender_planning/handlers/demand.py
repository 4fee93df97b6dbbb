"""News of supplier orders become demand, a batch at a time; states become names."""

from collections.abc import Sequence

from marktbund.contracts.agreements import AgreementState
from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.envelope import Received
from marktbund.unit_of_work import UnitOfWork
from tender_planning.domain.counting import DemandNews, count_all
from tender_planning.store import agreements, cells, lines, names


async def count_demand(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Bring lines and cells up to date with a batch of supplier order news, in four round trips.

    Raises ValueError for news that cannot be counted: an answer to an unknown order, a line
    answered twice, amounts that do not add up.
    """
    news = [record.event for record in records if isinstance(record.event, DemandNews)]
    if not news:
        return
    known = await lines.load(uow, {event.supplier_order_id for event in news})
    count = count_all(known, news)
    await lines.keep(uow, count.placed.values(), count.closed.values())
    await cells.add(uow, count)


async def keep_member_names(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Know members by name."""
    states = [record.event for record in records if isinstance(record.event, MemberState)]
    await names.keep_members(uow, ((s.member_id, s.version, s.name) for s in states))


async def keep_supplier_names(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Know suppliers by name."""
    states = [record.event for record in records if isinstance(record.event, SupplierState)]
    await names.keep_suppliers(uow, ((s.supplier_id, s.version, s.name) for s in states))


async def keep_agreements(records: Sequence[Received], uow: UnitOfWork) -> None:
    """Know which agreements came of tenders, and which groups they cover."""
    states = [record.event for record in records if isinstance(record.event, AgreementState)]
    await agreements.keep_agreements(uow, states)
