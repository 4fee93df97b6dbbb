"""Where an order counts (need and pots), which rules apply, what its value demands under each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import (
    ClassSum,
    Estimate,
    EstimateMethod,
    NeedClosed,
    NeedKind,
    NeedRecorded,
    RouteInputs,
    WindowSum,
)
from marktbund.contracts.rule_sets import AwardRule, ContractKind, RouteLimit, RuleSetState
from marktbund.errors import Conflict, Invalid, NotFound
from marktbund.german import euro_words
from orders.ground.domain.articles import months_before
from orders.ground.domain.buyers import Buyer

_YEAR, _FOUR_YEARS = 12, 48
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """How a requester describes a need. Amounts: net EUR, side costs included.

    stated_net: the whole need's value, of a recurring one twelve months'. monthly_net: of a
    recurring need or a service without end. contract_kind None: by the lines' main subject.
    """

    title: str = ""
    kind: NeedKind = "one_off"
    contract_kind: ContractKind | None = None
    stated_net: Decimal | None = None
    monthly_net: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a member, with its estimate and what was ordered for it, net EUR.

    position: how many bookings make up `ordered_net`.
    """

    need_id: UUID
    member_id: UUID
    title: str
    contract_kind: ContractKind
    estimate: Estimate
    status: Literal["open", "closed"] = "open"
    ordered_net: Decimal = Decimal("0.00")
    position: int = 0
    version: int = 1

    @classmethod
    def record(
        cls,
        need_id: UUID,
        member_id: UUID,
        terms: NeedTerms,
        ordered_net: Decimal,
        contract_kind: ContractKind,
    ) -> Self:
        """Write a need down; `ordered_net` is the first order with its side costs, 0 if none."""
        kind = terms.contract_kind or contract_kind
        return cls(need_id, member_id, terms.title, kind, estimate(terms, ordered_net))

    def recorded(self, by: UUID, at: datetime, order_id: UUID | None = None) -> NeedRecorded:
        """The news that this need exists."""
        return NeedRecorded(
            version=1,
            need_id=self.need_id,
            member_id=self.member_id,
            title=self.title,
            contract_kind=self.contract_kind,
            estimate=self.estimate,
            recorded_by=by,
            recorded_at=at,
            order_id=order_id,
        )

    def book(self, net: Decimal) -> Self:
        """The need with an order more, or with one given back where `net` is negative."""
        return replace(self, ordered_net=self.ordered_net + net, position=self.position + 1)

    def noted(self) -> Self:
        """The need with a message more, which changes nothing of it."""
        return replace(self, version=self.version + 1)

    def require_open(self) -> None:
        """Raises Conflict (`need_closed`)."""
        if self.status == "closed":
            raise Conflict("need_closed", "Dieser Bedarf ist abgeschlossen", field="need_id")

    def close(self, by: UUID) -> tuple[Self, list[Message]]:
        """Let nothing more be ordered for it. Raises Conflict (`need_closed`)."""
        self.require_open()
        closed = replace(self, status="closed", version=self.version + 1)
        event = NeedClosed(
            version=closed.version,
            need_id=self.need_id,
            member_id=self.member_id,
            ordered_net=self.ordered_net,
            closed_by=by,
        )
        return closed, [event]


def require_need(need: Need | None) -> Need:
    """A need that is known. Raises NotFound (`need_unknown`), also for another member's."""
    if need is None:
        raise NotFound("need_unknown", "Diesen Bedarf gibt es nicht", field="need_id")
    return need


def estimate(terms: NeedTerms, ordered_net: Decimal) -> Estimate:
    """The value before the first order (§ 3 VgV), net EUR; never below that order itself.

    Raises Invalid (`estimate_missing`) for a recurring need without a value.
    """
    if terms.kind == "one_off":
        stated = terms.stated_net
        method: EstimateMethod = "sum_of_lines" if stated is None else "stated"
        return Estimate(need_kind=terms.kind, method=method, net=max(stated or _ZERO, ordered_net))
    months = _YEAR if terms.kind == "recurring" else _FOUR_YEARS
    method = "twelve_months" if terms.kind == "recurring" else "forty_eight_months"
    if terms.monthly_net is not None:
        value = terms.monthly_net * months
    elif terms.stated_net is not None and terms.kind == "recurring":
        value = terms.stated_net
    else:
        raise Invalid(
            "estimate_missing",
            "Der Bedarf ist nicht geschätzt",
            "Ein wiederkehrender Bedarf braucht einen Monatswert oder den Wert von zwölf Monaten, "
            "eine Leistung ohne Ende einen Monatswert.",
            field="need.monthly_net",
        )
    return Estimate(need_kind=terms.kind, method=method, net=max(value, ordered_net))


CLASS_DIGITS = 4
"""A CPV class, as in the demand cube. Another figure is another evaluator."""
_WORKS = "45"
_FIRST_SERVICE = "50"


@dataclass(frozen=True, slots=True)
class Share:
    """An order's part of one class, net EUR, and the pot it is added to."""

    cpv_class: str
    pot_id: UUID
    net: Decimal


def pots_of(lines: Sequence[OrderLine], buyer: Buyer, on: date) -> dict[int, UUID]:
    """Line number -> the pot it counts in on a day.

    A unit awarding a class on its own responsibility has a pot of its own for it (§ 3 (2) VgV);
    everything else is its contracting authority's. Never are two authorities added up.
    """
    unit_id, awards = buyer.unit or (buyer.authority_id, ())
    return {
        line.line_no: unit_id if _awards(awards, line.cpv, on) else buyer.authority_id
        for line in lines
    }


def shares_of(
    lines: Sequence[OrderLine], pots: Mapping[int, UUID], side_costs_net: Decimal
) -> tuple[Share, ...]:
    """An order's shares by class and pot; side costs count with the largest of them."""
    sums: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[pots[line.line_no], line.cpv[:CLASS_DIGITS]] += line.net_amount
    if side_costs_net:
        largest = max(sorted(sums), key=lambda known: sums[known])
        sums[largest] += side_costs_net
    return tuple(Share(known, pot, sums[pot, known]) for pot, known in sorted(sums))


def _awards(categories: Sequence[AwardingCategory], cpv: str, on: date) -> bool:
    return any(
        cpv.startswith(category.cpv_prefix) and on <= category.valid_to for category in categories
    )


def contract_kind_of(lines: Sequence[OrderLine]) -> ContractKind:
    """The main subject (§ 110 GWB): the kind with the largest net sum, by CPV division."""
    sums: dict[ContractKind, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[_kind_of(line.cpv[:2])] += line.net_amount
    return max(sorted(sums), key=lambda kind: sums[kind])


def _kind_of(division: str) -> ContractKind:
    if division == _WORKS:
        return "works"
    return "service" if division >= _FIRST_SERVICE else "supply"


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


@dataclass(frozen=True, slots=True)
class ApprovalNeed:
    """Whether an order waits for an approver, why, and whether the award office is told."""

    required: bool = False
    reason: str = ""
    tell_award_office: bool = False


def approval_of(
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


def with_windows(known: ClassSum, before: Mapping[int, Decimal]) -> ClassSum:
    """A class's sums before an order by window; sums of evaluator 1 keep the longest alone."""
    longest = max(before)
    windows = tuple(WindowSum(months=months, before_net=net) for months, net in before.items())
    return known.model_copy(
        update={"before_net": before[longest], "windows": windows if known.windows else ()}
    )


def without_own(known: ClassSum, on: date, booked_on: date | None) -> ClassSum:
    """A class's sums on a day without an order booked on another: its own booking counts in a
    window only while that reaches back to its day.
    """
    before = {
        window.months: window.before_net
        - (
            known.ordered_net
            if booked_on is not None and booked_on > months_before(on, window.months)
            else 0
        )
        for window in known.windows
    }
    return with_windows(known, before)


def shares_freed(
    freed: Mapping[int, Decimal], places: Mapping[int, tuple[UUID, str]]
) -> tuple[Share, ...]:
    """What lines freed (number -> net EUR) by pot and class. places: line -> pot and class."""
    sums: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for line_no, net in freed.items():
        if line_no in places:
            sums[places[line_no]] += net
    return tuple(Share(known, pot, net) for (pot, known), net in sorted(sums.items()) if net)
