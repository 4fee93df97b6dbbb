"""Rules of awarding at their bounds: limits that rise, days that hold, orders that do not bind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marktbund.contracts.rule_sets import (
    ApprovalStep,
    AwardRule,
    RouteLimit,
    RuleSetAdopted,
    RuleSetWithdrawn,
)
from members.domain import PRESETS, RuleSet
from members.domain.rule_sets import require_rule_set
from services.members.tests.domain.cast import OFFICE, OTHER, TOWN, refusal

BY = OFFICE.person_id
EMPTY = RuleSet(OTHER, TOWN, (), ())


def limits(*steps: tuple[str, str]) -> tuple[RouteLimit, ...]:
    return tuple(RouteLimit(route=route, up_to_net=Decimal(net)) for route, net in steps)


def rule(*steps: tuple[str, str], **changed) -> AwardRule:
    usual = {
        "contract_kinds": ("supply", "service"),
        "limits": limits(*steps),
        "binding": True,
        "source": "Vergabesatzung",
        "source_kind": "bylaw",
        "valid_from": date(2026, 1, 1),
    }
    return AwardRule(**(usual | changed))


def adopted(*rules: AwardRule) -> RuleSet:
    return EMPTY.adopt(rules, (), BY)[0]


def test_an_adoption_carries_rules_steps_preset_and_who():
    step = ApprovalStep(above_net=Decimal("1000.00"))
    only = rule(("direct", "5000"))
    rule_set, [event] = replace(EMPTY, version=6).adopt([only], [step], BY, "bylaw-example")
    assert event == RuleSetAdopted(
        version=7,
        rule_set_id=OTHER,
        member_id=TOWN,
        rules=(only,),
        approval_steps=(step,),
        preset="bylaw-example",
        adopted_by=BY,
    )
    assert (rule_set.rules, rule_set.approval_steps, rule_set.version) == ((only,), (step,), 7)


def test_rules_that_were_withdrawn_may_be_adopted_anew():
    withdrawn, [event] = adopted(rule(("direct", "1"))).withdraw(BY)
    assert event == RuleSetWithdrawn(version=2, rule_set_id=OTHER, member_id=TOWN, withdrawn_by=BY)
    again, _ = withdrawn.adopt([rule(("direct", "2"))], (), BY)
    assert (again.status, again.version) == ("active", 3)
    assert withdrawn.rules == (rule(("direct", "1")),)


def test_rules_are_withdrawn_once_and_where_there_are_some():
    withdrawn, _ = adopted(rule(("direct", "1"))).withdraw(BY)
    assert refusal(lambda: withdrawn.withdraw(BY)) == (409, "rule_set_withdrawn", "")
    assert refusal(lambda: require_rule_set(None)) == (404, "rule_set_unknown", "")
    assert require_rule_set(withdrawn) == withdrawn


RISING = [
    (("direct", "5000"),),
    (("direct", "5000"), ("compare", "5000.01")),
    (("direct", "5000"), ("request", "100000")),
    (("direct", "5000"), ("compare", "25000"), ("request", "100000")),
    (("request", "0.01"),),
    (),
]


@pytest.mark.parametrize("steps", RISING)
def test_limits_that_rise_in_value_and_demand_are_taken(steps):
    assert adopted(rule(*steps)).rules[0].limits == limits(*steps)


FALLING = [
    (("direct", "5000"), ("compare", "5000")),
    (("direct", "5000"), ("compare", "4999.99")),
    (("direct", "5000"), ("direct", "6000")),
    (("compare", "5000"), ("direct", "6000")),
    (("request", "5000"), ("compare", "6000")),
    (("direct", "5000"), ("compare", "25000"), ("request", "25000")),
    (("direct", "5000"), ("request", "25000"), ("compare", "30000")),
]


@pytest.mark.parametrize("steps", FALLING)
def test_limits_that_do_not_rise_are_refused_at_their_rule(steps):
    work = lambda: adopted(rule(("direct", "1")), rule(*steps))  # noqa: E731
    assert refusal(work) == (422, "limits_not_ascending", "rules[1].limits")


def test_a_rule_of_one_day_holds_and_one_of_none_does_not():
    assert adopted(rule(valid_to=date(2026, 1, 1))).version == 1
    work = lambda: adopted(rule(valid_to=date(2025, 12, 31)))  # noqa: E731
    assert refusal(work) == (422, "validity_empty", "rules[0].valid_to")


@pytest.mark.parametrize("kind", ["statute", "bylaw", "instruction", "grant"])
def test_only_an_instruction_never_binds(kind):
    assert adopted(rule(source_kind=kind, binding=False)).version == 1
    if kind == "instruction":
        work = lambda: adopted(rule(source_kind=kind))  # noqa: E731
        assert refusal(work) == (422, "instruction_binds", "rules[0].binding")
    else:
        assert adopted(rule(source_kind=kind)).version == 1


def test_a_rule_limits_or_recommends():
    advising = rule(recommend_request_above_net=Decimal(25000))
    assert adopted(advising).rules == (advising,)
    both = rule(("direct", "5000"), recommend_request_above_net=Decimal(0))
    expected = (422, "limits_of_advice", "rules[0].recommend_request_above_net")
    assert refusal(lambda: adopted(both)) == expected


def test_a_refused_rule_leaves_the_set_as_it_was():
    before = adopted(rule(("direct", "5000")))
    refusal(lambda: before.adopt([rule(*FALLING[0])], (), BY))
    assert (before.version, before.rules) == (1, (rule(("direct", "5000")),))


def test_the_presets_say_their_values_as_their_sources_do():
    [hesse] = PRESETS["hesse-2021"]
    assert [(limit.route, limit.up_to_net) for limit in hesse.limits] == [("direct", 10_000)]
    assert (hesse.source, hesse.valid_from, hesse.binding) == ("HVTG 2021", date(2021, 9, 1), True)
    assert (hesse.window_months, hesse.valid_to) == (12, None)
    [example] = PRESETS["bylaw-example"]
    assert [
        (limit.route, limit.up_to_net, limit.offers_asked, limit.offers_received)
        for limit in example.limits
    ] == [("direct", 5_000, 0, 0), ("compare", 25_000, 0, 3), ("request", 100_000, 3, 1)]
    [nrw] = PRESETS["nrw-none"]
    assert (nrw.recommend_request_above_net, nrw.source_kind) == (25_000, "statute")
