"""Samples of rule sets, needs, routes and what happens to an order before it is placed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marktbund.contracts import members, order_steps, orders, routes, rule_sets
from marktbund.contracts.base import Message


def _id(number: int) -> UUID:
    return UUID(f"01936f2e-7c00-7000-8000-{number:012d}")


MEMBER, TOWN_OF, UNIT, PERSON, APPROVER = (_id(n) for n in range(1, 6))
SUPPLIER, ARTICLE, ORDER = (_id(n) for n in range(11, 14))
RULE_SET, NEED, OTHER_ORDER, AGREEMENT, DRAFT, RESULT = (_id(n) for n in range(61, 67))
NOON = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
AWARDS = (
    members.AwardingCategory(
        cpv_prefix="39162", evidence="Ratsbeschluss 2026/14", valid_to=date(2027, 12, 31)
    ),
)
_RULE = rule_sets.AwardRule(
    contract_kinds=("supply", "service"),
    limits=(
        rule_sets.RouteLimit(route="direct", up_to_net=Decimal("5000.00")),
        rule_sets.RouteLimit(route="compare", up_to_net=Decimal("25000.00"), offers_received=3),
    ),
    window_months=12,
    binding=True,
    source="Vergabesatzung vom 12.01.2026",
    source_kind="bylaw",
    valid_from=date(2026, 2, 1),
    advice=(rule_sets.Advice(above_net=Decimal("25000.00"), text="Vergabevermerk anlegen."),),
)
_RULES: dict[str, Any] = {
    "rule_set_id": RULE_SET,
    "member_id": MEMBER,
    "rules": (_RULE,),
    "approval_steps": (rule_sets.ApprovalStep(above_net=Decimal("1000.00")),),
}
_OFFER = routes.KeptOffer(
    kind="received",
    supplier_name="Schulbedarf Eifel GmbH",
    net_total=Decimal("7200.00"),
    quoted_on=date(2026, 3, 9),
    document_sha256="e5" * 32,
)
_ESTIMATE = routes.Estimate(need_kind="one_off", method="stated", net=Decimal("7500.00"))
_RELEASE = routes.Release(code="fixed_price", reason="Preisbindung", released_by=APPROVER)
_DECISION = routes.RouteDecision(
    outcome="compare",
    binding=True,
    reasons=("Schätzwert 7.500,00 EUR netto (eigene Schätzung des ganzen Bedarfs).",),
    source=_RULE.source,
    source_kind="bylaw",
    decisive_net=Decimal("7500.00"),
    limit_net=Decimal("25000.00"),
    offers_received=3,
    approval_required=True,
    approval_reason="Über 1.000,00 EUR ist eine Genehmigung nötig.",
    rule_set_id=RULE_SET,
    rule_set_version=4,
    evaluator=1,
    inputs=routes.RouteInputs(
        contract_kind="supply",
        decided_on=date(2026, 3, 2),
        ordered_net=Decimal("3000.00"),
        side_costs_net=Decimal("150.00"),
        estimate=_ESTIMATE,
        need_before_net=Decimal("0.00"),
        classes=(
            routes.ClassSum(
                cpv_class="3916",
                pot_id=MEMBER,
                before_net=Decimal("900.00"),
                ordered_net=Decimal("3000.00"),
                position=7,
                last_order_id=OTHER_ORDER,
                windows=(routes.WindowSum(months=12, before_net=Decimal("900.00")),),
            ),
        ),
        offers=3,
        agreements=(
            routes.AgreementHint(
                agreement_id=AGREEMENT,
                number="RV-2026-07",
                binding="open",
                entitled=True,
                exhausted=False,
                comparable_group="gtin:4006381333931",
            ),
        ),
        reason_beside_agreement="Farbe dort nicht lieferbar",
        grant=routes.GrantCondition(title="DigitalPakt", offers_asked=3),
        release=_RELEASE,
    ),
)
_BASIS = orders.AwardBasis(
    handed_over_order_id=ORDER, procedure="negotiated", file_reference="VS-2026-0117"
)
_STEP: dict[str, Any] = {"order_id": ORDER, "member_id": MEMBER}
_SEEN: dict[str, Any] = {**_STEP, "content_sha256": "f6" * 32}
_OF_NEED: dict[str, Any] = {"need_id": NEED, "member_id": MEMBER}
ROUTES: tuple[Message, ...] = (
    members.ContractingAuthoritySet(version=2, member_id=MEMBER, contracting_authority_id=TOWN_OF),
    members.UnitAwardsChanged(version=2, unit_id=UNIT, member_id=MEMBER, awards=AWARDS),
    rule_sets.RuleSetState(version=4, status="active", **_RULES),
    rule_sets.RuleSetAdopted(version=4, preset="bylaw-example", adopted_by=PERSON, **_RULES),
    rule_sets.RuleSetWithdrawn(
        version=5, rule_set_id=RULE_SET, member_id=MEMBER, withdrawn_by=PERSON
    ),
    routes.NeedRecorded(
        version=1,
        title="Ausstattung Grundschule Nord",
        contract_kind="supply",
        estimate=_ESTIMATE,
        recorded_by=PERSON,
        recorded_at=NOON,
        order_id=ORDER,
        **_OF_NEED,
    ),
    routes.NeedClosed(version=2, ordered_net=Decimal("7200.00"), closed_by=PERSON, **_OF_NEED),
    routes.DecisionReplayed(
        version=3,
        order_id=ORDER,
        decision_no=1,
        same=False,
        differences=("before_net 3916: 900.00, neu 950.00",),
        evaluator=1,
        replayed_by=APPROVER,
        **_OF_NEED,
    ),
    order_steps.OrderRefused(version=2, refused_by=APPROVER, comment="Bestand reicht", **_SEEN),
    order_steps.OrderSentBack(
        version=2,
        sent_back_by=APPROVER,
        comment="Menge?",
        draft_order_id=DRAFT,
        occasion="approval",
        hindrances=(
            order_steps.Hindrance(
                code="article_withdrawn",
                title="Dieser Artikel ist nicht mehr lieferbar",
                detail="BW-1 Papier",
                way_out="Bitte wählen Sie einen vergleichbaren Artikel.",
                field="lines[0].article_id",
            ),
        ),
        **_SEEN,
    ),
    order_steps.RouteDecided(version=4, occasion="offers", decision=_DECISION, **_STEP),
    order_steps.OffersAwaited(version=2, offers_asked=3, offers_received=0, binding=False, **_STEP),
    order_steps.OffersRecorded(version=3, offers=(_OFFER,), recorded_by=APPROVER, **_STEP),
    order_steps.OrderReleased(version=3, release=_RELEASE, **_STEP),
    order_steps.OrderHandedOver(version=2, handed_over_at=NOON, **_STEP),
    order_steps.OrderAwarded(version=3, result_order_id=RESULT, basis=_BASIS, **_STEP),
)
