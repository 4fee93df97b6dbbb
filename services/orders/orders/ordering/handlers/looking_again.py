"""What an order that waited rests on, gathered and judged anew before it goes on."""

from collections.abc import Sequence

from marktbund.clock import business_date
from marktbund.contracts.routes import RouteDecision
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.face import ports as agreements
from orders.agreements.face.values import Agreement, Supply
from orders.awarding.face import ports as awarding
from orders.awarding.face.values import Booked, reason_against
from orders.ground.domain.buyers import Buyer
from orders.ground.domain.reasons import Reason
from orders.ground.store import buyers
from orders.ordering.domain import grounds
from orders.ordering.domain.grounds import Grounds
from orders.ordering.domain.lines import Wanted
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.store import spot_orders


async def judge_again(
    order: SpotOrder, kept: RouteDecision, uow: UnitOfWork
) -> tuple[RouteDecision | None, Sequence[Reason]]:
    """The route decided anew, and every reason why the order cannot go on any more; without a
    route where other reasons stand against it, and for a call-off, which was awarded with its
    agreement and has none. kept: the decision it waited under.
    """
    buyer, reasons = await look_again(order, uow)
    if reasons or order.order_kind == "call_off":
        return None, reasons
    if order.need_id is None:
        raise LookupError(f"order {order.order_id} has no need")
    today = business_date(uow.business_now)
    hints = await agreements.covering(uow, order.lines, order.member_id, today)
    booked = Booked(order.order_id, order.need_id, buyer, order.release)
    again = await awarding.decide_again(booked, kept, hints, uow)
    against = reason_against(again)
    return again, (against,) if against else ()


async def look_again(order: SpotOrder, uow: UnitOfWork) -> tuple[Buyer, Sequence[Reason]]:
    """The buyer as it stands today, and every reason why the order cannot be placed any more."""
    buyer = await buyers.find(uow, order.member_id, order.terms.unit_id)
    called = await _called(order, uow)
    wanted = [Wanted.again(line) for line in order.lines] if called is None else []
    current = await spot_orders.load_articles(uow, wanted) if wanted else {}
    today = Grounds(buyer, current, called)
    return buyer, grounds.hindrances(order, today, business_date(uow.business_now))


async def _called(order: SpotOrder, uow: UnitOfWork) -> tuple[Agreement, Supply] | None:
    if order.agreement_id is None:
        return None
    agreement = await agreements.current_agreement(order.agreement_id, uow)
    numbers = [
        (line.lot_no, line.position_no)
        for line in order.lines
        if line.lot_no is not None and line.position_no is not None
    ]
    return agreement, await agreements.supply_of(uow, order.agreement_id, numbers, order.member_id)
