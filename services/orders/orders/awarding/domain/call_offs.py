"""The decision kept with a call-off: awarded already, so only approval is left to decide."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import Estimate, RouteDecision, RouteInputs
from orders.awarding.domain.deciding import EVALUATOR
from orders.awarding.domain.limits import applicable, approval_of, contract_kind_of
from orders.ground.domain.buyers import Buyer

_AWARDED = "Abruf aus Rahmenvertrag {}: damit schon vergeben, wird zu keiner Bestellung addiert."


def decision_on(
    agreement_id: UUID,
    number: str,
    lines: Sequence[OrderLine],
    declined: Mapping[int, str],
    buyer: Buyer,
    today: date,
) -> RouteDecision:
    """Direct, whatever was bought before: call-offs were awarded with the agreement and are held
    against no limit. Steps of approval by amount hold for them as for any order. declined: lot of
    another partner -> where its refusal is on file.
    """
    net = sum((line.net_amount for line in lines), Decimal(0))
    inputs = RouteInputs(
        contract_kind=contract_kind_of(lines),
        decided_on=today,
        ordered_net=net,
        side_costs_net=Decimal(0),
        estimate=Estimate(need_kind="one_off", method="sum_of_lines", net=net),
        need_before_net=Decimal(0),
        need_position=0,
        classes=(),
    )
    rules = applicable(buyer.rule_set, inputs.contract_kind, today)
    needs = approval_of(inputs, buyer.rule_set, rules)
    return RouteDecision(
        outcome="direct",
        binding=False,
        reasons=(_AWARDED.format(number), *_refusals_on_file(declined)),
        source=f"Rahmenvertrag {number}",
        decisive_net=net,
        approval_required=needs.required,
        approval_reason=needs.reason,
        tell_award_office=needs.tell_award_office,
        agreement_id=agreement_id,
        rule_set_id=buyer.rule_set.rule_set_id if buyer.rule_set else None,
        rule_set_version=buyer.rule_set.version if buyer.rule_set else None,
        evaluator=EVALUATOR,
        inputs=inputs,
    )


def _refusals_on_file(declined: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(
        f"Der Partner von Los {lot_no} hat abgelehnt: {reference}."
        for lot_no, reference in sorted(declined.items())
    )
