"""Where an order counts, which rules apply on a day, and what a value demands under each."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.members import AwardingCategory
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import ClassSum, Estimate, RouteInputs, WindowSum
from marktbund.contracts.rule_sets import ApprovalStep, AwardRule, RouteLimit, RuleSetState
from orders.awarding.domain.limits import (
    Verdict,
    applicable,
    approval_of,
    before_in,
    contract_kind_of,
    pots_of,
    shares_of,
    strictest,
    value_of,
    verdict,
    window_months,
    windows_of,
    windows_on,
)
from orders.ground.domain.buyers import Buyer

TOWN, POOL, UNIT = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2026, 5, 31)


def line(line_no: int, cpv: str, net: str) -> OrderLine:
    return OrderLine(
        line_no=line_no,
        article_id=UUID(int=40 + line_no),
        supplier_id=UUID(int=9),
        article_number=f"A-{line_no}",
        name="Artikel",
        cpv=cpv,
        comparable_group=f"g:{line_no}",
        quantity=Decimal(1),
        order_unit="C62",
        unit_price_net=Decimal(net),
        vat_rate=Decimal(19),
        net_amount=Decimal(net),
    )


def awarding(cpv_prefix: str, valid_to: date) -> AwardingCategory:
    return AwardingCategory(cpv_prefix=cpv_prefix, valid_to=valid_to, evidence="Ratsbeschluss")


def rule(*limits: RouteLimit, **more) -> AwardRule:
    values = {
        "contract_kinds": ("supply",),
        "limits": limits,
        "binding": True,
        "source": "Vergabeordnung",
        "source_kind": "bylaw",
        "valid_from": date(2026, 1, 1),
    }
    return AwardRule(**(values | more))


def rule_set(*rules: AwardRule, steps: tuple[str, ...] = (), status: str = "active"):
    return RuleSetState(
        version=3,
        rule_set_id=UUID(int=7),
        member_id=TOWN,
        status=status,
        rules=rules,
        approval_steps=tuple(ApprovalStep(above_net=Decimal(step)) for step in steps),
    )


def inputs(ordered: str = "100", **more) -> RouteInputs:
    values = {
        "contract_kind": "supply",
        "decided_on": DAY,
        "ordered_net": Decimal(ordered),
        "side_costs_net": Decimal(0),
        "estimate": Estimate(need_kind="one_off", method="sum_of_lines", net=Decimal(ordered)),
        "need_before_net": Decimal(0),
        "classes": (),
    }
    return RouteInputs(**(values | more))


def bought(before: str, ordered: str = "100", **windows: str) -> ClassSum:
    return ClassSum(
        cpv_class="3019",
        pot_id=TOWN,
        before_net=Decimal(before),
        ordered_net=Decimal(ordered),
        position=4,
        windows=tuple(
            WindowSum(months=int(name[1:]), before_net=Decimal(net))
            for name, net in windows.items()
        ),
    )


DIRECT = RouteLimit(route="direct", up_to_net=Decimal(1000))
COMPARE = RouteLimit(route="compare", up_to_net=Decimal(5000), offers_received=3)
REQUEST = RouteLimit(route="request", up_to_net=Decimal(25000), offers_asked=3, offers_received=1)


# -- pots and shares ------------------------------------------------------------------------------


def test_what_a_unit_awards_on_its_own_counts_in_its_own_pot():
    awards = (awarding("3019", date(2026, 12, 31)),)
    buyer = Buyer(TOWN, TOWN, unit=(UNIT, awards))
    lines = [line(1, "30197630", "10"), line(2, "39112000", "20")]
    assert pots_of(lines, buyer, DAY) == {1: UNIT, 2: TOWN}


@pytest.mark.parametrize(("last_day", "pot"), [(DAY, UNIT), (date(2026, 5, 30), TOWN)])
def test_a_unit_awards_on_its_own_up_to_and_including_the_last_day(last_day: date, pot: UUID):
    awards = (awarding("30", last_day),)
    buyer = Buyer(TOWN, TOWN, unit=(UNIT, awards))
    assert pots_of([line(1, "30197630", "10")], buyer, DAY) == {1: pot}


def test_a_public_enterprise_counts_in_its_towns_pot():
    assert pots_of([line(1, "30197630", "10")], Buyer(POOL, TOWN), DAY) == {1: TOWN}


def test_a_unit_without_categories_counts_in_the_authoritys_pot():
    buyer = Buyer(TOWN, TOWN, unit=(UNIT, ()))
    assert pots_of([line(1, "30197630", "10")], buyer, DAY) == {1: TOWN}


def test_lines_of_the_same_class_are_added_up_whatever_their_last_digits():
    lines = [line(1, "30197630", "10.10"), line(2, "30199999", "0.90"), line(3, "39112000", "5")]
    shares = shares_of(lines, dict.fromkeys((1, 2, 3), TOWN), Decimal(0))
    assert [(share.cpv_class, share.net) for share in shares] == [
        ("3019", Decimal("11.00")),
        ("3911", Decimal(5)),
    ]


def test_the_same_class_in_two_pots_is_two_shares():
    lines = [line(1, "30197630", "10"), line(2, "30197630", "7")]
    shares = shares_of(lines, {1: UNIT, 2: TOWN}, Decimal(0))
    assert {(share.pot_id, share.net) for share in shares} == {(UNIT, 10), (TOWN, 7)}


def test_side_costs_go_with_the_largest_share():
    lines = [line(1, "30197630", "10"), line(2, "39112000", "20")]
    shares = shares_of(lines, {1: TOWN, 2: TOWN}, Decimal("4.90"))
    assert [share.net for share in shares] == [Decimal(10), Decimal("24.90")]


@given(
    nets=st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=12),
    costs=st.decimals("0", "500", places=2),
    data=st.data(),
)
def test_shares_add_up_to_the_order_and_its_side_costs(nets, costs, data):
    cpvs = st.sampled_from(["30197630", "39112000", "50000000", "45000000"])
    lines = [line(number, data.draw(cpvs), str(net)) for number, net in enumerate(nets, 1)]
    pots = {known.line_no: data.draw(st.sampled_from([TOWN, UNIT])) for known in lines}
    shares = shares_of(lines, pots, costs)
    assert sum(share.net for share in shares) == sum(nets) + costs
    places = [(share.pot_id, share.cpv_class) for share in shares]
    assert places == sorted(set(places))


# -- the main subject -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cpv", "kind"),
    [
        ("03000000", "supply"),
        ("44999999", "supply"),
        ("45000000", "works"),
        ("45999999", "works"),
        ("48000000", "supply"),
        ("50000000", "service"),
        ("98000000", "service"),
    ],
)
def test_a_cpv_division_says_what_kind_of_contract_it_is(cpv: str, kind: str):
    assert contract_kind_of([line(1, cpv, "10")]) == kind


def test_the_larger_sum_is_the_main_subject():
    lines = [line(1, "30197630", "99"), line(2, "50000000", "60"), line(3, "50300000", "40")]
    assert contract_kind_of(lines) == "service"


def test_of_two_equal_parts_the_main_subject_does_not_depend_on_their_order():
    lines = [line(1, "50000000", "50"), line(2, "30197630", "50")]
    assert contract_kind_of(lines) == contract_kind_of(lines[::-1])


# -- rules on a day -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "applies"),
    [
        (DAY, None, True),
        (date(2026, 6, 1), None, False),
        (date(2026, 1, 1), DAY, True),
        (date(2026, 1, 1), date(2026, 5, 30), False),
    ],
)
def test_a_rule_applies_on_its_first_and_on_its_last_day(valid_from, valid_to, applies: bool):
    known = rule(DIRECT, valid_from=valid_from, valid_to=valid_to)
    assert bool(applicable(rule_set(known), "supply", DAY)) is applies


def test_rules_of_other_kinds_of_contract_do_not_apply():
    both = rule(DIRECT, contract_kinds=("service", "works"))
    assert applicable(rule_set(both), "supply", DAY) == []
    assert applicable(rule_set(both), "works", DAY) == [both]


def test_no_rules_apply_without_a_set_or_where_it_was_withdrawn():
    assert applicable(None, "supply", DAY) == []
    assert applicable(rule_set(rule(DIRECT), status="withdrawn"), "supply", DAY) == []


def test_windows_are_asked_for_once_each_and_the_longest_first():
    rules = [rule(window_months=months) for months in (3, 12, 3)] + [rule()]
    assert windows_of(rules) == (12, 3)
    assert window_months(rules) == 12


def test_without_windows_nothing_is_added_up():
    assert windows_of([rule(DIRECT)]) == ()
    assert window_months([rule(DIRECT)]) is None
    assert windows_on([], DAY) == {}


def test_a_window_begins_after_the_same_day_earlier_or_that_months_last():
    rules = [rule(window_months=months) for months in (3, 12)]
    assert windows_on(rules, DAY) == {12: date(2025, 5, 31), 3: date(2026, 2, 28)}


# -- the decisive value ---------------------------------------------------------------------------


def test_the_value_is_the_estimate_where_that_is_more():
    estimate = Estimate(need_kind="one_off", method="stated", net=Decimal(900))
    assert value_of(inputs("100", estimate=estimate, need_before_net=Decimal(700))) == 900


def test_what_was_ordered_for_the_same_need_counts_without_a_window():
    assert value_of(inputs("100", need_before_net=Decimal(901))) == 1001


def test_classes_count_only_for_a_rule_with_a_window():
    known = inputs("100", classes=(bought("5000", w12="5000"),))
    assert value_of(known) == 100
    assert value_of(known, 12) == 5100


def test_each_window_has_a_sum_of_its_own():
    known = bought("5000", w12="5000", w3="250")
    assert (before_in(known, 12), before_in(known, 3)) == (5000, 250)
    assert value_of(inputs("100", classes=(known,)), 3) == 350


def test_sums_of_the_first_evaluator_know_the_longest_window_alone():
    assert before_in(bought("5000"), 3) == 5000


def test_classes_are_not_added_to_each_other():
    both = (bought("600", "60", w12="600"), bought("500", "40", w12="500"))
    assert value_of(inputs("100", classes=both), 12) == 660


# -- what a rule says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "step", "exceeded"),
    [
        ("1000.00", "direct", None),
        ("1000.01", "compare", "1000"),
        ("5000", "compare", "1000"),
        ("5000.01", "request", "5000"),
        ("25000", "request", "5000"),
        ("25000.01", "hand_over", "25000"),
    ],
)
def test_a_limit_holds_up_to_and_including_itself(value: str, step: str, exceeded: str | None):
    known = verdict(rule(DIRECT, COMPARE, REQUEST), inputs(value))
    assert known.step == step
    assert known.exceeded_net == (None if exceeded is None else Decimal(exceeded))
    assert (known.limit is None) is (step == "hand_over")


def test_a_rule_without_limits_recommends_above_its_amount_only():
    advising = rule(recommend_request_above_net=Decimal(500))
    assert verdict(advising, inputs("500")).step == "direct"
    above = verdict(advising, inputs("500.01"))
    assert (above.step, above.exceeded_net) == ("request", 500)
    assert not above.binding


def test_a_rule_that_sets_nothing_lets_everything_pass_and_binds_nobody():
    known = verdict(rule(), inputs("1000000"))
    assert (known.step, known.binding) == ("direct", False)


def test_a_rule_that_does_not_bind_makes_no_step_that_does():
    assert not verdict(rule(DIRECT, binding=False), inputs("2000")).binding
    assert verdict(rule(DIRECT), inputs("2000")).binding


def test_the_strictest_step_wins_and_of_two_alike_what_binds():
    loose, bound = rule(binding=False), rule()
    direct = Verdict(bound, "direct", Decimal(1))
    advised = Verdict(loose, "request", Decimal(1), advised=True)
    demanded = Verdict(bound, "request", Decimal(1))
    assert strictest([direct, advised]) is advised
    assert strictest([advised, demanded, direct]) is demanded
    assert strictest([demanded, advised]) is demanded


# -- approval -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ordered", "required"), [("100", False), ("100.01", True), ("1000.01", True)]
)
def test_an_order_waits_above_a_step_not_at_it(ordered: str, required: bool):
    steps = rule_set(steps=("1000", "100"))
    assert approval_of(inputs(ordered), steps, []).required is required


def test_the_highest_step_that_was_passed_is_named():
    steps = rule_set(steps=("100", "1000", "5000"))
    reason = approval_of(inputs("1500"), steps, []).reason
    assert reason == "Über 1.000,00 EUR ist eine Genehmigung nötig."


def test_steps_are_held_against_the_order_not_against_what_was_added_up():
    known = inputs("90", classes=(bought("9000", "90", w12="9000"),))
    assert not approval_of(known, rule_set(steps=("100",)), []).required


def test_an_instruction_asks_for_approval_and_tells_the_award_office():
    order = rule(DIRECT, source_kind="instruction", source="Dienstanweisung 7")
    needed = approval_of(inputs("1000.01"), rule_set(order), [order])
    assert (needed.required, needed.tell_award_office) == (True, True)
    assert needed.reason == "Dienstanweisung 7: dieser Wert braucht eine Genehmigung."
    assert not approval_of(inputs("1000"), rule_set(order), [order]).required


def test_a_bylaw_asks_for_no_approval():
    bylaw = rule(DIRECT)
    assert not approval_of(inputs("2000"), rule_set(bylaw), [bylaw]).required


@pytest.mark.parametrize("rules", [None, rule_set(steps=("1",), status="withdrawn")])
def test_without_active_rules_nothing_waits(rules: RuleSetState | None):
    assert not approval_of(inputs("100"), rules, []).required
