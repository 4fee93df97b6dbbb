"""The route of an order: what it is held against, looked up and decided; used at cart time, at
submission and again at placing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.clock import business_date
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import ClassSum, KeptOffer, RouteDecision, RouteInputs
from marktbund.contracts.rule_sets import AwardRule
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.domain import Buyer, Need, SpotOrder, routes
from orders.store import decisions, hints, limits, needs


@dataclass(frozen=True, slots=True)
class Checked:
    """An order's decision, and what booking the order will need. need: without this order."""

    need: Need
    new_need: bool
    pots: Mapping[int, UUID]
    shares: tuple[routes.Share, ...]
    decision: RouteDecision
    offers: tuple[KeptOffer, ...]

    @property
    def net(self) -> Decimal:
        """Net EUR of the order, side costs included."""
        return self.decision.inputs.ordered_net


async def check(
    order: SpotOrder, lines: Sequence[OrderLine], buyer: Buyer, uow: UnitOfWork, *, hold: bool
) -> Checked:
    """Decide the route of an order not booked yet.

    hold: keep need and pots locked until the commit, so that what was decided still holds when
    the order is booked. Raises NotFound (`need_unknown`), Conflict (`need_closed`), Invalid
    (`estimate_missing`).
    """
    on = business_date(uow.business_now)
    terms = order.terms
    net = sum((line.net_amount for line in lines), terms.side_costs_net)
    pots = routes.pots_of(lines, buyer, on)
    shares = routes.shares_of(lines, pots, terms.side_costs_net)
    need = await _need(order, net, lines, uow, hold=hold)
    inputs = RouteInputs(
        contract_kind=need.contract_kind,
        decided_on=on,
        ordered_net=net,
        side_costs_net=terms.side_costs_net,
        estimate=need.estimate,
        need_before_net=need.ordered_net,
        need_position=need.position,
        classes=await _sums(buyer, need, shares, on, uow, hold=hold),
        reason_beside_agreement=terms.reason_beside_agreement,
        reason_without_offers=terms.reason_without_offers,
        grant=terms.grant,
        release=order.release,
    )
    decision, offers = await _decide(inputs, buyer, order, lines, uow)
    return Checked(need, terms.need_id is None, pots, shares, decision, offers)


async def _need(
    order: SpotOrder, net: Decimal, lines: Sequence[OrderLine], uow: UnitOfWork, *, hold: bool
) -> Need:
    if order.terms.need_id is not None:
        need = await needs.load(uow, order.terms.need_id, order.member_id, lock=hold)
        need.require_open()
        return need
    kind = routes.contract_kind_of(lines)
    return Need.record(new_id(), order.member_id, order.terms.need, net, kind)


async def _sums(
    buyer: Buyer,
    need: Need,
    shares: Sequence[routes.Share],
    on: date,
    uow: UnitOfWork,
    *,
    hold: bool,
) -> tuple[ClassSum, ...]:
    rules = routes.applicable(buyer.rule_set, need.contract_kind, on)
    windows = windows_on(rules, on)
    if not windows:
        return ()
    if hold:
        await limits.lock(uow, need.contract_kind, shares)
    return await limits.sums(uow, need.contract_kind, shares, windows)


def windows_on(rules: Sequence[AwardRule], on: date) -> dict[int, date]:
    """The windows that rules ask for and the day after which each begins, seen from a day."""
    return {months: routes.months_before(on, months) for months in routes.windows_of(rules)}


async def _decide(
    inputs: RouteInputs,
    buyer: Buyer,
    order: SpotOrder,
    lines: Sequence[OrderLine],
    uow: UnitOfWork,
) -> tuple[RouteDecision, tuple[KeptOffer, ...]]:
    covering = await hints.covering(uow, lines, order.member_id, inputs.decided_on)
    inputs = inputs.model_copy(update={"agreements": covering})
    decision = routes.decide(inputs, buyer.rule_set)
    if decision.outcome != "compare":
        return decision, order.terms.quotes
    found, kept = await decisions.comparable(uow, lines)
    quotes = order.terms.quotes
    compared = inputs.model_copy(update={"offers": found + len(quotes)})
    return routes.decide(compared, buyer.rule_set), (*kept, *quotes)


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
    sums = await _sums(buyer, need, shares, on, uow, hold=True)
    inputs = kept.inputs.model_copy(
        update={
            "decided_on": on,
            "need_before_net": need.ordered_net - kept.inputs.ordered_net,
            "need_position": need.position,
            "classes": tuple(_without_own(one, on, booked_on) for one in sums),
            "agreements": await hints.covering(uow, order.lines, order.member_id, on),
            "release": order.release,
        }
    )
    return routes.decide(inputs, buyer.rule_set)


def _without_own(known: ClassSum, on: date, booked_on: date | None) -> ClassSum:
    # The order's own booking counts in a window only while that reaches back to its day.
    before = {
        one.months: one.before_net
        - (
            known.ordered_net
            if booked_on is not None and booked_on > routes.months_before(on, one.months)
            else 0
        )
        for one in known.windows
    }
    return limits.with_windows(known, before)
