"""Needs written down and closed, pots released; decisions made again, of now or of then."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund import statements
from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.routes import AgreementHint, ClassSum, DecisionReplayed, RouteDecision
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.errors import NotFound
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.commands import RecordNeed
from orders.awarding.domain.comparing import differences
from orders.awarding.domain.deciding import decide
from orders.awarding.domain.limits import (
    Need,
    Share,
    applicable,
    shares_freed,
    windows_on,
    without_own,
)
from orders.awarding.domain.outcomes import Booked
from orders.awarding.store import decisions, limits, needs
from orders.ground.domain.buyers import Buyer
from orders.ground.store import buyers
from orders.ground.store.locks import HELD


async def record_need(command: RecordNeed, actor: Actor, uow: UnitOfWork) -> Need:
    """Write a need down with its estimate. Raises Invalid (`estimate_missing`)."""
    await buyers.load(uow, actor.member_id)
    terms = command.terms()
    need = Need.record(new_id(), actor.member_id, terms, Decimal(0), command.contract_kind)
    await needs.add(uow, need)
    uow.announce(need.recorded(actor.person_id, uow.business_now))
    return need


async def close_need(need_id: UUID, actor: Actor, uow: UnitOfWork) -> Need:
    """Let nothing more be ordered for a need. Raises Conflict (`need_closed`)."""
    closed, news = (await needs.load(uow, need_id, actor.member_id)).close(actor.person_id)
    await needs.save(uow, closed)
    uow.announce(*news)
    return closed


async def replay_decision(
    order_id: UUID, need_id: UUID | None, actor: Actor, uow: UnitOfWork
) -> DecisionReplayed:
    """Make the last decision on a member's order again: the same, or a finding with its
    differences. need_id: the order's need.

    Raises NotFound (`decision_unknown`: an award's result has none, a call-off's is held against
    no limit).
    """
    kept = await decisions.require(uow, order_id)
    if need_id is None:
        raise NotFound("decision_unknown", "Ein Abruf wird an keiner Wertgrenze gemessen")
    need = (await needs.load(uow, need_id, actor.member_id)).noted()
    again, missing = await _again(order_id, need_id, kept.decision, uow)
    changes = (*missing, *differences(kept.decision, again))
    await needs.save(uow, need)
    event = DecisionReplayed(
        version=need.version,
        need_id=need.need_id,
        member_id=actor.member_id,
        order_id=order_id,
        decision_no=kept.decision_no,
        same=not changes,
        differences=changes,
        evaluator=again.evaluator,
        replayed_by=actor.person_id,
    )
    uow.announce(event)
    return event


async def _again(
    order_id: UUID, need_id: UUID, kept: RouteDecision, uow: UnitOfWork
) -> tuple[RouteDecision, tuple[str, ...]]:
    rule_set: RuleSetState | None = None
    missing: tuple[str, ...] = ()
    if kept.rule_set_id is not None and kept.rule_set_version is not None:
        rule_set = await buyers.rule_set_of(uow, kept.rule_set_id, kept.rule_set_version)
        missing = () if rule_set else ("Die Vergaberegeln dieser Fassung sind nicht bekannt.",)
    inputs = kept.inputs
    rules = applicable(rule_set, inputs.contract_kind, inputs.decided_on)
    windows = windows_on(rules, inputs.decided_on)
    classes = inputs.classes
    if windows:
        classes = await limits.of_ledger(uow, order_id, inputs.contract_kind, classes, windows)
    before = await limits.need_of_ledger(uow, order_id, need_id, inputs.need_position)
    asked = inputs.model_copy(update={"classes": classes, "need_before_net": before})
    return decide(asked, rule_set, kept.evaluator), missing


async def decide_again(
    booked: Booked, kept: RouteDecision, agreements: Sequence[AgreementHint], uow: UnitOfWork
) -> RouteDecision:
    """Decide the route of a booked order again, its own booking left out. What was compared or
    asked for at its time still counts. agreements: those that cover its lines today.
    """
    on = business_date(uow.business_now)
    need = await needs.load(uow, booked.need_id, booked.buyer.member_id)
    booked_on, shares = await limits.booked(uow, booked.order_id)
    sums = await _sums(booked.buyer, need, shares, on, uow)
    inputs = kept.inputs.model_copy(
        update={
            "decided_on": on,
            "need_before_net": need.ordered_net - kept.inputs.ordered_net,
            "need_position": need.position,
            "classes": tuple(without_own(known, on, booked_on) for known in sums),
            "agreements": tuple(agreements),
            "release": booked.release,
        }
    )
    return decide(inputs, booked.buyer.rule_set)


async def _sums(
    buyer: Buyer, need: Need, shares: Sequence[Share], on: date, uow: UnitOfWork
) -> tuple[ClassSum, ...]:
    windows = windows_on(applicable(buyer.rule_set, need.contract_kind, on), on)
    if not windows:
        return ()
    kind = need.contract_kind
    await statements.hold(uow.connection, HELD, limits.locking(kind, shares))
    row = await statements.ask(uow.connection, limits.asked_sums(kind, shares, windows))
    return limits.sums_of(row.sums, shares, windows)


async def release(
    order_id: UUID, member_id: UUID, uow: UnitOfWork, only: Sequence[UUID] | None = None
) -> None:
    """Take an order, or some of its supplier orders, out of its need and pots again."""
    booking = await limits.booking_of(uow, order_id)
    if booking is None:
        return
    need_id, day = booking
    back = None if only is None else await limits.booked_of(uow, order_id, only)
    await _leave(order_id, member_id, need_id, day, back, uow)


async def release_lines(
    supplier_order_id: UUID,
    order_id: UUID,
    member_id: UUID,
    freed: Mapping[int, Decimal],
    uow: UnitOfWork,
) -> None:
    """Take out what is freed of a supplier order's lines (number -> net EUR). Call-offs and awards
    stand in no pot.
    """
    shares = shares_freed(freed, await limits.places_of(uow, order_id, supplier_order_id))
    booking = await limits.booking_of(uow, order_id) if shares else None
    if booking is not None:
        need_id, day = booking
        await _leave(order_id, member_id, need_id, day, shares, uow)


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
    if freed is None or not await limits.any_bound(uow, order_id):
        # With the last line its side costs go, too.
        _, freed = await limits.booked(uow, order_id)
    back = [Share(share.cpv_class, share.pot_id, -share.net) for share in freed if share.net]
    if not back:
        return
    need = need.book(sum((share.net for share in back), Decimal(0)))
    await needs.save(uow, need)
    await limits.give_back(uow, order_id, need, day, back)
