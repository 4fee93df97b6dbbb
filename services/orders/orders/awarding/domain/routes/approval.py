"""Whether an approver has to decide: by the rule set's step or by an instruction."""

from collections.abc import Sequence
from dataclasses import dataclass

from marktbund.contracts.routes import RouteInputs
from marktbund.contracts.rule_sets import AwardRule, RuleSetState
from marktbund.german import euro_words
from orders.awarding.domain.routes.limits import verdict


@dataclass(frozen=True, slots=True)
class ApprovalNeed:
    """Whether an order waits for an approver, why, and whether the award office is told."""

    required: bool = False
    reason: str = ""
    tell_award_office: bool = False


def of(
    inputs: RouteInputs, rule_set: RuleSetState | None, rules: Sequence[AwardRule]
) -> ApprovalNeed:
    """An instruction (Dienstanweisung) steers competence and approval, never the route."""
    if rule_set is None or rule_set.status != "active":
        return ApprovalNeed()
    for rule in rules:
        if rule.source_kind == "instruction" and verdict(rule, inputs).step != "direct":
            reason = f"{rule.source}: dieser Wert braucht eine Genehmigung."
            return ApprovalNeed(required=True, reason=reason, tell_award_office=True)
    passed = [
        step.above_net for step in rule_set.approval_steps if inputs.ordered_net > step.above_net
    ]
    if not passed:
        return ApprovalNeed()
    reason = f"Über {euro_words(max(passed))} ist eine Genehmigung nötig."
    return ApprovalNeed(required=True, reason=reason)
