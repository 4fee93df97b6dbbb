"""Suppliers' words, and what hinders ours on the way to them: fetched, answered, sent off."""

from collections.abc import Sequence

from marktbund.clock import business_date
from marktbund.contracts.base import Message
from marktbund.contracts.orders import SupplierOrderAnswered
from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryReplayed,
    DespatchAdvised,
    OrderResponseReceived,
    ResponseLine,
)
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.face import ports as awarding
from orders.ground.store import locks
from orders.ordering.domain import judging
from orders.ordering.domain.giving_back import unbound
from orders.ordering.domain.supplier_orders import SupplierOrder
from orders.ordering.handlers import giving_back, notices
from orders.ordering.store import delivery_trouble, spot_orders, supplier_orders


async def note_acknowledgement(event: DeliveryAcknowledged, uow: UnitOfWork) -> None:
    """The supplier has the order, fetched by it or pushed to it."""
    await delivery_trouble.clear(uow, event)
    if event.document != "order":
        return
    share = await supplier_orders.load(uow, event.supplier_order_id)
    changed, news = share.acknowledge()
    if news:
        await supplier_orders.save(uow, changed, share)
    uow.announce(*news)


async def note_failure(event: DeliveryFailed, uow: UnitOfWork) -> None:
    """A document did not reach the supplier: the requester sees it, with the next attempt."""
    await delivery_trouble.note(uow, event, event.next_attempt_at)


async def note_abandonment(event: DeliveryAbandoned, uow: UnitOfWork) -> None:
    """Nobody calls the supplier any more: the requester sees it."""
    await delivery_trouble.note(uow, event, None)


async def note_replay(event: DeliveryReplayed, uow: UnitOfWork) -> None:
    """The office has the document sent again."""
    await delivery_trouble.clear(uow, event)


async def hold_for_responses(events: Sequence[Message], uow: UnitOfWork) -> None:
    """Before several answers of one transaction: what they may free is locked in everybody's order,
    not answer by answer, where two transactions could wait for one another.
    """
    answered = [
        event.supplier_order_id
        for event in events
        if isinstance(event, OrderResponseReceived)
        and any(line.decision != "accepted" for line in event.lines)
    ]
    if len(answered) > 1:
        await locks.hold_for_answers(uow, answered)


async def note_response(event: OrderResponseReceived, uow: UnitOfWork) -> None:
    """The supplier answered lines; an answer that cannot be is disregarded."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    units = await _units(share, event.lines, uow)
    reason = judging.against_answer(share, event.lines, units)
    if reason is not None:
        changed, news = share.disregard(event.response_id, "answer", reason)
    else:
        changed, news = share.answer(event.response_id, event.lines)
    await supplier_orders.save(uow, changed, share)
    if share.lines != changed.lines:
        freed = unbound(share, changed)
        await awarding.release_lines(
            share.supplier_order_id, share.order_id, share.member_id, freed, uow
        )
    released = await giving_back.shares([(share, changed)], uow)
    uow.announce(*(giving_back.with_released(event, released) for event in news))
    for answered in news:
        if isinstance(answered, SupplierOrderAnswered):
            await notices.tell_of_answer(answered, uow)


async def _units(
    share: SupplierOrder, words: Sequence[ResponseLine], uow: UnitOfWork
) -> dict[int, str]:
    if not judging.needs_units(words):
        return {}
    lines = await spot_orders.lines_of(uow, share.order_id)
    return {line.line_no: line.order_unit for line in lines}


async def note_despatch(event: DespatchAdvised, uow: UnitOfWork) -> None:
    """The supplier sent goods off; on a day that cannot be, it is disregarded."""
    share = await supplier_orders.load(uow, event.supplier_order_id)
    on, today = event.despatched_on, business_date(uow.business_now)
    reason = judging.against_despatch(share, on, today)
    if reason is not None:
        changed, news = share.disregard(event.despatch_id, "despatch", reason)
    else:
        changed, news = share.despatch(event.despatch_id, on)
    await supplier_orders.save(uow, changed, share)
    uow.announce(*news)
