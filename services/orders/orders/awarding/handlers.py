"""Needs written down and closed; a kept decision made again, by ledger and rules of then."""

from decimal import Decimal
from uuid import UUID

from marktbund.auth import Actor
from marktbund.contracts.routes import DecisionReplayed, RouteDecision
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.errors import NotFound
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from orders.awarding.commands import RecordNeed
from orders.awarding.domain.comparing import differences
from orders.awarding.domain.deciding import decide
from orders.awarding.domain.limits import applicable, windows_on
from orders.awarding.domain.needs import Need
from orders.awarding.store import decisions, limits, needs
from orders.ground.store import buyers


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
