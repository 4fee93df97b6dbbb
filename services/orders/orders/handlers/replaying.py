"""A kept decision made again: sums from the ledger at its position, rules of its version."""

from uuid import UUID

from marktbund.auth import Actor
from marktbund.contracts.routes import DecisionReplayed, RouteDecision
from marktbund.contracts.rule_sets import RuleSetState
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from orders.domain import routes
from orders.store import buyers, decisions, limits, needs, spot_orders


async def replay_decision(order_id: UUID, actor: Actor, uow: UnitOfWork) -> DecisionReplayed:
    """Make an order's last decision again: the same, or a finding with its differences.

    Raises NotFound (`order_unknown`, `decision_unknown`: an award's result has none, a call-off's
    is held against no limit).
    """
    order = await spot_orders.load(uow, order_id, actor.member_id)
    number, kept = await decisions.require(uow, order_id)
    if order.need_id is None:
        raise NotFound("decision_unknown", "Ein Abruf wird an keiner Wertgrenze gemessen")
    need = (await needs.load(uow, order.need_id, order.member_id)).noted()
    again, missing = await _again(order_id, order.need_id, kept, uow)
    differences = (*missing, *routes.differences(kept, again))
    await needs.save(uow, need)
    event = DecisionReplayed(
        version=need.version,
        need_id=need.need_id,
        member_id=order.member_id,
        order_id=order_id,
        decision_no=number,
        same=not differences,
        differences=differences,
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
    rules = routes.applicable(rule_set, inputs.contract_kind, inputs.decided_on)
    windows = routes.windows_on(rules, inputs.decided_on)
    classes = inputs.classes
    if windows:
        classes = await limits.of_ledger(uow, order_id, inputs.contract_kind, classes, windows)
    before = await limits.need_of_ledger(uow, order_id, need_id, inputs.need_position)
    found = inputs.model_copy(update={"classes": classes, "need_before_net": before})
    return routes.decide(found, rule_set, kept.evaluator), missing
