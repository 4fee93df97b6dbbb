"""The decision kept with a call-off: awarded with its agreement, approved like any order."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import RouteDecision
from marktbund.contracts.rule_sets import (
    ApprovalStep,
    AwardRule,
    RouteLimit,
    RuleSetState,
    SourceKind,
)
from orders.awarding.domain.call_offs import decision_on
from orders.awarding.domain.deciding import EVALUATOR
from orders.ground.domain.buyers import Buyer

TOWN, AGREEMENT, RULES = UUID(int=1), UUID(int=2), UUID(int=7)
DAY = date(2026, 5, 31)


def line(line_no: int, net: str, cpv: str = "30197644") -> OrderLine:
    return OrderLine(
        line_no=line_no,
        article_id=UUID(int=40 + line_no),
        supplier_id=UUID(int=9),
        article_number=f"A-{line_no}",
        name="Papier",
        cpv=cpv,
        comparable_group=f"g:{line_no}",
        quantity=Decimal(1),
        order_unit="C62",
        unit_price_net=Decimal(net),
        vat_rate=Decimal(19),
        net_amount=Decimal(net),
        lot_no=1,
        position_no=line_no,
    )


def buyer(
    *steps: str, limit: str = "1.00", source_kind: SourceKind = "statute", status: str = "active"
) -> Buyer:
    rule = AwardRule(
        contract_kinds=("supply",),
        limits=(RouteLimit(route="direct", up_to_net=Decimal(limit)),),
        binding=True,
        source="Dienstanweisung 3",
        source_kind=source_kind,
        valid_from=date(2026, 1, 1),
    )
    return Buyer(
        TOWN,
        TOWN,
        RuleSetState.model_validate(
            {
                "version": 3,
                "rule_set_id": RULES,
                "member_id": TOWN,
                "status": status,
                "rules": (rule,),
                "approval_steps": [ApprovalStep(above_net=Decimal(step)) for step in steps],
            }
        ),
    )


def decided(who: Buyer, *lines: OrderLine, declined: dict[int, str] | None = None) -> RouteDecision:
    return decision_on(AGREEMENT, "RV-1", lines or (line(1, "1000"),), declined or {}, who, DAY)


def test_no_limit_holds_a_call_off_that_was_awarded_with_its_agreement():
    decision = decided(buyer(), line(1, "600000.00"), line(2, "0.01"))
    assert (decision.outcome, decision.binding, decision.refusal) == ("direct", False, None)
    assert (decision.limit_net, decision.decisive_net) == (None, Decimal("600000.01"))
    assert (decision.agreement_id, decision.source) == (AGREEMENT, "Rahmenvertrag RV-1")
    assert not decision.approval_required
    assert "damit schon vergeben" in decision.reasons[0]


def test_nothing_that_was_bought_before_is_added_to_it():
    inputs = decided(buyer()).inputs
    assert (inputs.classes, inputs.need_before_net, inputs.need_position) == ((), 0, 0)
    assert (inputs.estimate.method, inputs.estimate.net) == ("sum_of_lines", 1000)
    assert (inputs.decided_on, inputs.side_costs_net) == (DAY, 0)


@pytest.mark.parametrize(("net", "required"), [("1000.00", False), ("1000.01", True)])
def test_a_step_of_approval_holds_above_its_amount(net: str, required: bool):
    decision = decided(buyer("1000"), line(1, net))
    assert decision.approval_required == required
    assert bool(decision.approval_reason) == required


def test_steps_are_held_against_the_whole_call_off():
    lines = line(1, "600.00"), line(2, "400.01")
    assert decided(buyer("1000"), *lines).approval_required
    assert not decided(buyer("1000"), *lines[:1]).approval_required


def test_the_highest_step_that_was_passed_is_named():
    assert "5.000,00" in decided(buyer("1000", "5000", "9000"), line(1, "6000")).approval_reason


@pytest.mark.parametrize(("net", "required"), [("500.00", False), ("500.01", True)])
def test_an_instruction_asks_for_an_approver_and_tells_the_award_office(net: str, required: bool):
    decision = decided(buyer(limit="500", source_kind="instruction"), line(1, net))
    assert (decision.approval_required, decision.tell_award_office) == (required, required)
    assert decision.outcome == "direct"


@pytest.mark.parametrize("who", [Buyer(TOWN, TOWN), buyer("1", status="withdrawn")])
def test_without_rules_in_force_nothing_waits(who: Buyer):
    assert not decided(who).approval_required


def test_the_version_of_the_rules_it_was_decided_by_is_kept():
    decision = decided(buyer("1000"))
    assert (decision.rule_set_id, decision.rule_set_version) == (RULES, 3)
    assert decision.evaluator == EVALUATOR
    without = decided(Buyer(TOWN, TOWN))
    assert (without.rule_set_id, without.rule_set_version) == (None, None)


def test_refusals_of_partners_are_on_file_by_their_lots():
    decision = decided(buyer(), declined={12: "Brief vom 02.05.2026", 3: "Mail vom 01.05.2026"})
    assert decision.reasons[1:] == (
        "Der Partner von Los 3 hat abgelehnt: Mail vom 01.05.2026.",
        "Der Partner von Los 12 hat abgelehnt: Brief vom 02.05.2026.",
    )


@pytest.mark.parametrize(
    ("cpv", "kind"), [("30197644", "supply"), ("90910000", "service"), ("45000000", "works")]
)
def test_the_kind_of_contract_follows_from_its_lines(cpv: str, kind: str):
    assert decided(buyer(), line(1, "10", cpv)).inputs.contract_kind == kind
