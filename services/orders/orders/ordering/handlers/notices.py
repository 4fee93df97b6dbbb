"""Notices to the people an order waits for, announced with what they are about."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from marktbund.contracts.notices import NoticeGiven, OrderNotice
from marktbund.contracts.orders import SupplierOrderAnswered
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.ordering.domain import notices
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.store import notices as store


async def ask_approvers(order: SpotOrder, uow: UnitOfWork) -> None:
    """Tell whoever may approve that an order waits; nothing where it does not wait for that."""
    if order.status == "submitted":
        people = await store.approvers(uow, order.member_id, order.requester_id)
        await _give(uow, "approval_waiting", order.order_id, order.member_id, people)


async def tell_requester(kind: OrderNotice, order: SpotOrder, uow: UnitOfWork) -> None:
    """Tell who sent the order off what became of it."""
    await _give(uow, kind, order.order_id, order.member_id, [order.requester_id])


async def tell_of_answer(event: SupplierOrderAnswered, uow: UnitOfWork) -> None:
    """Tell the requester of an answer that is not as ordered."""
    if all(line.decision == "accepted" and line.promised_date is None for line in event.lines):
        return
    requester, wanted = await store.wanted(uow, event.order_id, event.supplier_order_id)
    kind = notices.of_answer(event.lines, wanted)
    if kind is not None:
        await _give(uow, kind, event.order_id, event.member_id, [requester])


async def tell_of_late(today: date, most: int, uow: UnitOfWork) -> int:
    """Tell requesters, once per supplier order, that goods did not come; returns how many."""
    late = await store.take_late(uow, today, most)
    for order in late:
        await _give(uow, "supplier_late", order.order_id, order.member_id, [order.requester_id])
    return len(late)


async def _give(
    uow: UnitOfWork, kind: OrderNotice, order_id: UUID, member_id: UUID, people: Sequence[UUID]
) -> None:
    if not people:
        return
    versions = await store.count(uow, people)
    uow.announce(
        *(
            NoticeGiven(
                version=versions[person_id],
                notice_id=new_id(),
                person_id=person_id,
                member_id=member_id,
                kind=kind,
                order_id=order_id,
            )
            for person_id in people
        )
    )
