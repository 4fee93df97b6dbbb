"""What an order no longer binds leaves its need and its pots: cancelled, refused, reduced."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.unit_of_work import UnitOfWork
from orders.awarding.domain.limits import Share
from orders.awarding.store import limits, needs
from orders.ordering.domain.giving_back import freed_shares
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.store import supplier_orders


async def give_back(order: SpotOrder, uow: UnitOfWork, only: Sequence[UUID] | None = None) -> None:
    """Take an order, or some of its supplier orders, out of its need and pots again."""
    booking = await limits.booking_of(uow, order.order_id)
    if booking is None:
        return
    need_id, day = booking
    back = None if only is None else await limits.booked_of(uow, order.order_id, only)
    await _leave(order.order_id, order.member_id, need_id, day, back, uow)


async def free_refused(before: SupplierOrder, after: SupplierOrder, uow: UnitOfWork) -> None:
    """Take out what a supplier refused or cut. Call-offs and awards stand in no pot."""
    if before.lines == after.lines:
        return
    places = await limits.places_of(uow, after.order_id, after.supplier_order_id)
    freed = freed_shares(before, after, places)
    booking = await limits.booking_of(uow, after.order_id) if freed else None
    if booking is not None:
        need_id, day = booking
        await _leave(after.order_id, after.member_id, need_id, day, freed, uow)


async def _leave(
    order_id: UUID,
    member_id: UUID,
    need_id: UUID,
    day: date,
    freed: Sequence[Share] | None,
    uow: UnitOfWork,
) -> None:
    # The need first: whoever holds it sees what the others freed of the same order.
    need = await needs.load(uow, need_id, member_id)
    if freed is None or not await supplier_orders.any_bound(uow, order_id):
        # With the last line its side costs go, too.
        _, freed = await limits.booked(uow, order_id)
    back = [Share(share.cpv_class, share.pot_id, -share.net) for share in freed if share.net]
    if not back:
        return
    need = need.book(sum((share.net for share in back), Decimal(0)))
    await needs.save(uow, need)
    await limits.give_back(uow, order_id, need, day, back)
