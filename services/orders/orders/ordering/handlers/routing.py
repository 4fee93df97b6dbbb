"""The route of an order that waited, decided again."""

from collections.abc import Sequence
from datetime import date

from marktbund import statements
from marktbund.clock import business_date
from marktbund.contracts.routes import ClassSum, RouteDecision
from marktbund.unit_of_work import UnitOfWork
from orders.agreements.store import hints
from orders.awarding.domain.deciding import decide
from orders.awarding.domain.limits import Share, applicable, windows_on
from orders.awarding.domain.needs import Need
from orders.awarding.store import limits, needs
from orders.ground.domain.articles import months_before
from orders.ground.domain.buyers import Buyer
from orders.ground.store.locks import HELD
from orders.ordering.domain.spot_orders import SpotOrder


async def recheck(
    order: SpotOrder, kept: RouteDecision, buyer: Buyer, uow: UnitOfWork
) -> RouteDecision:
    """Decide the route of a booked order again, its own booking left out. What was compared or
    asked for at its time still counts.
    """
    if order.need_id is None:
        raise LookupError(f"order {order.order_id} has no need")
    on = business_date(uow.business_now)
    need = await needs.load(uow, order.need_id, order.member_id)
    booked_on, shares = await limits.booked(uow, order.order_id)
    sums = await _sums(buyer, need, shares, on, uow)
    inputs = kept.inputs.model_copy(
        update={
            "decided_on": on,
            "need_before_net": need.ordered_net - kept.inputs.ordered_net,
            "need_position": need.position,
            "classes": tuple(_without_own(known, on, booked_on) for known in sums),
            "agreements": await hints.covering(uow, order.lines, order.member_id, on),
            "release": order.release,
        }
    )
    return decide(inputs, buyer.rule_set)


def _without_own(known: ClassSum, on: date, booked_on: date | None) -> ClassSum:
    # The order's own booking counts in a window only while that reaches back to its day.
    before = {
        window.months: window.before_net
        - (
            known.ordered_net
            if booked_on is not None and booked_on > months_before(on, window.months)
            else 0
        )
        for window in known.windows
    }
    return limits.with_windows(known, before)


async def _sums(
    buyer: Buyer, need: Need, shares: Sequence[Share], on: date, uow: UnitOfWork
) -> tuple[ClassSum, ...]:
    rules = applicable(buyer.rule_set, need.contract_kind, on)
    windows = windows_on(rules, on)
    if not windows:
        return ()
    kind = need.contract_kind
    await statements.hold(uow.connection, HELD, limits.locking(kind, shares))
    row = await statements.ask(uow.connection, limits.asked_sums(kind, shares, windows))
    return limits.sums_of(row.sums, shares, windows)
