"""What orders give back to an agreement's ceilings: cancelled, refused, reduced."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from marktbund.contracts.agreements import CeilingEntry
from marktbund.contracts.base import Message
from marktbund.contracts.order_steps import OrderRefused
from marktbund.contracts.orders import OrderCancelled, SupplierOrderAnswered, SupplierOrderCancelled
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.face import ports as agreements
from orders.ordering.domain.giving_back import all_of, freed
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.store import spot_orders

Released = Mapping[UUID, tuple[CeilingEntry, ...]]
"""Order or supplier order -> what it gave back."""


async def whole_order(order: SpotOrder, uow: UnitOfWork) -> Released:
    """Give back all that a call-off took which was never placed; nothing for other orders."""
    if order.agreement_id is None:
        return {}
    entries = await agreements.release(
        uow, order.agreement_id, order.member_id, order.order_id, all_of(order.lines)
    )
    return {order.order_id: entries}


async def shares(
    changes: Sequence[tuple[SupplierOrder, SupplierOrder]], uow: UnitOfWork
) -> Released:
    """Give back what one order's supplier orders, before and after, freed; in one go, so that
    lots are locked in everybody's order. A lot has one supplier: its number tells whose it is.
    """
    share = changes[0][0] if changes else None
    if share is None or share.agreement_id is None:
        return {}
    lines = await spot_orders.lines_of(uow, share.order_id)
    draws = {
        draw: before.supplier_order_id
        for before, after in changes
        for draw in freed(before, after, lines)
    }
    owners = {draw.lot_no: owner for draw, owner in draws.items()}
    entries = await agreements.release(
        uow, share.agreement_id, share.member_id, share.order_id, list(draws)
    )
    return {
        owner: tuple(entry for entry in entries if owners[entry.lot_no] == owner)
        for owner in set(owners.values())
    }


def with_released(event: Message, released: Released) -> Message:
    """The news with what was given back for what it is about."""
    if isinstance(event, SupplierOrderAnswered | SupplierOrderCancelled):
        entries = released.get(event.supplier_order_id)
    elif isinstance(event, OrderCancelled | OrderRefused):
        entries = released.get(event.order_id)
    else:
        return event
    return event.model_copy(update={"released": entries}) if entries else event
