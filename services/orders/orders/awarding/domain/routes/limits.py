"""Which rules apply, what they look back on, and the step a value takes under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from marktbund.contracts.routes import ClassSum, RouteInputs
from marktbund.contracts.rule_sets import AwardRule, ContractKind, RouteLimit, RuleSetState
from orders.ground.domain.dates import months_before

Step = Literal["direct", "compare", "request", "hand_over"]
STRICTNESS: tuple[Step, ...] = ("direct", "compare", "request", "hand_over")
"""From what asks least to what asks most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says to a value. `limit`: the one that allows the step, if any does.

    exceeded_net: the highest limit the value is above; advised: only a recommendation.
    """

    rule: AwardRule
    step: Step
    value_net: Decimal
    limit: RouteLimit | None = None
    exceeded_net: Decimal | None = None
    advised: bool = False

    @property
    def binding(self) -> bool:
        """Whether the step has to be taken: a recommendation never binds."""
        return self.rule.binding and not self.advised


def applicable(rule_set: RuleSetState | None, kind: ContractKind, on: date) -> list[AwardRule]:
    """The rules for a kind of contract on a day, instructions among them."""
    if rule_set is None or rule_set.status != "active":
        return []
    return [
        rule
        for rule in rule_set.rules
        if kind in rule.contract_kinds
        and rule.valid_from <= on
        and (rule.valid_to is None or on <= rule.valid_to)
    ]


def window_months(rules: Sequence[AwardRule]) -> int | None:
    """How far back orders of the same class are added up at most: the longest window asked for."""
    return max(windows_of(rules), default=None)


def windows_of(rules: Sequence[AwardRule]) -> tuple[int, ...]:
    """Every window the rules ask for, in months, the longest first."""
    return tuple(sorted({rule.window_months for rule in rules if rule.window_months}, reverse=True))


def windows_on(rules: Sequence[AwardRule], on: date) -> dict[int, date]:
    """The windows that rules ask for and the day after which each begins, seen from a day."""
    return {months: months_before(on, months) for months in windows_of(rules)}


def before_in(known: ClassSum, months: int) -> Decimal:
    """What was ordered of a class within a window, net EUR. Sums of evaluator 1 know one window."""
    return next(
        (window.before_net for window in known.windows if window.months == months), known.before_net
    )


def value_of(inputs: RouteInputs, months: int | None = None) -> Decimal:
    """The decisive value, net EUR: the estimate, or what was added up where that is more; months:
    the window of the rule it is held against, if it has one.
    """
    sums = [inputs.estimate.net, inputs.need_before_net + inputs.ordered_net]
    if months is not None:
        sums += [before_in(bought, months) + bought.ordered_net for bought in inputs.classes]
    return max(sums)


def verdict(rule: AwardRule, inputs: RouteInputs) -> Verdict:
    """The step a rule demands; without limits it can only recommend."""
    value = value_of(inputs, rule.window_months)
    if not rule.limits:
        threshold = rule.recommend_request_above_net
        if threshold is not None and value > threshold:
            return Verdict(rule, "request", value, exceeded_net=threshold, advised=True)
        return Verdict(rule, "direct", value, advised=True)
    exceeded = None
    for limit in rule.limits:
        if value <= limit.up_to_net:
            return Verdict(rule, limit.route, value, limit, exceeded)
        exceeded = limit.up_to_net
    return Verdict(rule, "hand_over", value, exceeded_net=exceeded)


def strictest(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that asks most; of two alike the one that binds."""
    return max(verdicts, key=lambda heard: (STRICTNESS.index(heard.step), heard.binding))
