"""The decision and its sentences: contract first, estimate, sums, grant, release, offers."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.routes import (
    AgreementHint,
    ClassSum,
    Estimate,
    GrantCondition,
    Release,
    RouteDecision,
    RouteInputs,
    WindowSum,
)
from marktbund.contracts.rule_sets import Advice, AwardRule, RouteLimit, RuleSetState
from orders.awarding.domain.comparing import differences, differs
from orders.awarding.domain.deciding import EVALUATOR, beside, could_use, decide, must_use
from orders.awarding.domain.refusals import reason_against, refusal

TOWN = UUID(int=1)
DIRECT = RouteLimit(route="direct", up_to_net=Decimal(1000))
COMPARE = RouteLimit(route="compare", up_to_net=Decimal(5000), offers_received=3)
REQUEST = RouteLimit(route="request", up_to_net=Decimal(25000), offers_asked=3, offers_received=2)


def rule(*limits: RouteLimit, **more) -> AwardRule:
    values = {
        "contract_kinds": ("supply", "service", "works"),
        "limits": limits or (DIRECT, COMPARE, REQUEST),
        "binding": True,
        "source": "Vergabeordnung",
        "source_kind": "bylaw",
        "valid_from": "2026-01-01",
    }
    return AwardRule(**(values | more))


def rules(*known: AwardRule, status: str = "active") -> RuleSetState:
    return RuleSetState(
        version=3, rule_set_id=UUID(int=7), member_id=TOWN, status=status, rules=known or (rule(),)
    )


def inputs(ordered: str = "100", **more) -> RouteInputs:
    values = {
        "contract_kind": "supply",
        "decided_on": "2026-05-31",
        "ordered_net": ordered,
        "side_costs_net": 0,
        "estimate": Estimate(need_kind="one_off", method="sum_of_lines", net=Decimal(ordered)),
        "need_before_net": 0,
        "classes": (),
    }
    return RouteInputs(**(values | more))


def hint(binding: str = "exclusive", number: str = "RV-1", **more) -> AgreementHint:
    values = {"entitled": True, "exhausted": False, "comparable_group": "gtin:1"}
    agreement_id = UUID(int=100 + int(number[-1]))
    return AgreementHint(
        agreement_id=agreement_id, number=number, binding=binding, **(values | more)
    )


RELEASE = Release(code="urgency", reason="Rohrbruch", released_by=UUID(int=5))


def test_a_small_purchase_is_direct_with_its_estimate_limit_and_source():
    made = decide(inputs("250.00"), rules())
    assert (made.outcome, made.refusal, made.binding) == ("direct", None, True)
    assert (made.decisive_net, made.limit_net) == (250, 1000)
    assert (made.source, made.source_kind) == ("Vergabeordnung", "bylaw")
    assert made.reasons == (
        "Schätzwert 250,00 EUR netto (Summe der Positionen samt Nebenkosten).",
        "Bis 1.000,00 EUR: Direktauftrag (Vergabeordnung).",
    )
    assert (made.rule_set_id, made.rule_set_version) == (UUID(int=7), 3)
    assert made.evaluator == EVALUATOR


def test_without_rules_everything_is_direct_and_says_why():
    for none in (None, rules(status="withdrawn")):
        made = decide(inputs("1000000"), none)
        assert (made.outcome, made.binding) == ("direct", False)
        assert made.reasons[-1] == "Für dieses Mitglied sind keine Vergaberegeln hinterlegt."


def test_works_go_to_the_award_office_whatever_they_cost():
    made = decide(inputs("1", contract_kind="works"), rules())
    assert made.outcome == "hand_over"
    assert made.reasons[-1].startswith("Bauleistungen führt der Marktplatz nicht")


def test_a_kind_of_contract_without_a_rule_goes_to_the_award_office():
    made = decide(inputs("1", contract_kind="freelance"), rules())
    assert made.outcome == "hand_over"
    assert made.reasons[-1].startswith("Für diese Vertragsart ist keine Regel hinterlegt")


def test_instructions_steer_no_route():
    made = decide(inputs("30000"), rules(rule(source_kind="instruction"), rule(DIRECT)))
    assert made.outcome == "hand_over"
    only = decide(inputs("1"), rules(rule(source_kind="instruction")))
    assert only.outcome == "hand_over"
    assert only.reasons[-1].startswith("Für diese Vertragsart ist keine Regel")


def test_above_all_limits_the_highest_is_named():
    made = decide(inputs("25000.01"), rules())
    assert (made.outcome, made.limit_net) == ("hand_over", 25000)
    assert made.reasons[-1] == (
        "Wertgrenze von 25.000,00 EUR überschritten (Vergabeordnung): Abgabe an die Vergabestelle."
    )


def test_a_limit_that_only_recommends_is_never_called_a_limit_exceeded():
    made = decide(inputs("25000.01"), rules(rule(binding=False)))
    assert made.reasons[-1].startswith("Empfohlene Grenze von 25.000,00 EUR überschritten")
    assert not made.binding


def test_no_limit_is_not_the_same_as_a_limit_kept():
    free = rule(source="§ 75 GO").model_copy(update={"limits": ()})
    made = decide(inputs("90000"), rules(free))
    assert (made.outcome, made.limit_net, made.binding) == ("direct", None, False)
    assert made.reasons[-1] == "Es ist keine Wertgrenze gesetzt (§ 75 GO). Der Preis wird geprüft."
    amount = {"recommend_request_above_net": Decimal(500)}
    advised = decide(inputs("501"), rules(free.model_copy(update=amount)))
    assert (advised.outcome, advised.binding) == ("request", False)
    assert "Über 500,00 EUR wird eine Angebotseinholung empfohlen" in advised.reasons[-1]
    assert "vorgeschrieben ist sie nicht" in advised.reasons[-1]


def test_advice_is_shown_above_its_amount_and_changes_nothing():
    known = rules(rule(advice=(Advice(above_net=Decimal(100), text="Bitte zwei Preise ansehen."),)))
    assert "Bitte zwei Preise ansehen." not in decide(inputs("100"), known).reasons
    above = decide(inputs("100.01"), known)
    assert (above.outcome, above.reasons[-1]) == ("direct", "Bitte zwei Preise ansehen.")


def test_what_was_ordered_for_the_same_need_is_named_where_it_decides():
    made = decide(inputs("100", need_before_net=Decimal(950)), rules())
    assert (made.outcome, made.decisive_net) == ("compare", 1050)
    assert made.reasons[1] == (
        "Für denselben Bedarf sind 950,00 EUR beauftragt; mit dieser Bestellung 1.050,00 EUR."
    )


def test_the_class_that_decides_is_named_with_its_window():
    def bought(cpv_class: str, before: str) -> ClassSum:
        window = WindowSum(months=12, before_net=Decimal(before))
        return ClassSum(
            cpv_class=cpv_class,
            pot_id=TOWN,
            before_net=Decimal(before),
            ordered_net=Decimal(50),
            position=1,
            windows=(window,),
        )

    classes = (bought("3019", "990"), bought("3911", "700"))
    made = decide(inputs("100", classes=classes), rules(rule(window_months=12)))
    assert (made.outcome, made.decisive_net) == ("compare", 1040)
    assert made.reasons[1] == (
        "In 12 Monaten sind gleichartige Leistungen (CPV-Klasse 3019) für 990,00 EUR beauftragt; "
        "mit dieser Bestellung 1.040,00 EUR."
    )


# -- contract first -------------------------------------------------------------------------------


def test_an_exclusive_agreement_stops_the_purchase():
    made = decide(inputs("10", agreements=(hint(),)), rules())
    assert (made.outcome, made.refusal, made.binding) == ("use_agreement", "use_agreement", True)
    assert (made.agreement_id, made.source) == (UUID(int=101), "Rahmenvertrag RV-1")
    assert made.reasons[0] == "Rahmenvertrag RV-1 nutzen: er ist ausschließlich vereinbart."


def test_an_open_agreement_asks_for_a_reason_and_takes_it():
    asked = decide(inputs("10", agreements=(hint("open"),)), rules())
    assert (asked.outcome, asked.refusal, asked.binding) == ("refused", "reason_missing", False)
    given = inputs("10", agreements=(hint("open"),), reason_beside_agreement="Farbe fehlt")
    assert decide(given, rules()).outcome == "direct"


def test_a_reason_does_not_help_beside_an_exclusive_agreement():
    given = inputs("10", agreements=(hint(),), reason_beside_agreement="Farbe fehlt")
    assert decide(given, rules()).refusal == "use_agreement"


@pytest.mark.parametrize("binding", ["exclusive", "open"])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"entitled": False}, "dieses Mitglied ist nicht abrufberechtigt"),
        ({"exhausted": True}, "die Höchstmenge ist ausgeschöpft"),
    ],
)
def test_an_agreement_without_right_or_room_only_informs(binding: str, state: dict, words: str):
    made = decide(inputs("10", agreements=(hint(binding, **state),)), rules())
    assert (made.outcome, made.refusal) == ("direct", None)
    assert words in made.reasons[-1]


def test_an_agreement_is_mentioned_once_however_many_groups_it_covers():
    twice = (hint("open"), hint("open").model_copy(update={"comparable_group": "gtin:2"}))
    assert len(beside(twice)) == 1
    assert len(beside((*twice, hint("open", "RV-2")))) == 2


def test_the_exclusive_agreement_comes_before_the_open():
    both = (hint("open", "RV-2"), hint("exclusive", "RV-1"))
    assert must_use(both) is both[1]
    assert could_use(both) is both[0]
    assert decide(inputs("10", agreements=both), rules()).agreement_id == UUID(int=101)


# -- grant, release, offers -----------------------------------------------------------------------


def test_a_grant_binds_where_no_limit_does():
    grant = GrantCondition(title="Digitalpakt", offers_asked=3)
    made = decide(inputs("10", grant=grant), rules())
    assert (made.outcome, made.binding, made.offers_asked) == ("request", True, 3)
    assert (made.source, made.source_kind) == ("Digitalpakt", "grant")


def test_a_grant_never_asks_for_fewer_offers_than_the_rule():
    grant = GrantCondition(title="Digitalpakt", offers_asked=2)
    assert decide(inputs("6000", grant=grant), rules()).offers_asked == 3


def test_a_grant_does_not_loosen_what_goes_to_the_award_office():
    grant = GrantCondition(title="Digitalpakt", offers_asked=3)
    assert decide(inputs("26000", grant=grant), rules()).outcome == "hand_over"


@pytest.mark.parametrize("ordered", ["2000", "6000"])
def test_a_release_lets_a_purchase_go_direct_with_its_reason(ordered: str):
    made = decide(inputs(ordered, release=RELEASE, offers=0), rules())
    assert made.outcome == "direct"
    assert made.reasons[-1] == "Freigabe der Vergabestelle: Rohrbruch"


def test_nobody_releases_what_the_award_office_has_to_award():
    assert decide(inputs("26000", release=RELEASE), rules()).outcome == "hand_over"


def test_a_recommendation_can_be_left_with_a_reason_and_a_limit_cannot():
    reason = {"reason_without_offers": "Nur dieser Händler liefert heute"}
    loose = decide(inputs("6000", **reason), rules(rule(binding=False)))
    assert (loose.outcome, loose.reasons[-1]) == (
        "direct",
        "Der Empfehlung wird nicht gefolgt: Nur dieser Händler liefert heute",
    )
    assert decide(inputs("6000", **reason), rules()).outcome == "request"


@pytest.mark.parametrize(
    ("offers", "outcome", "refused"),
    [
        (None, "compare", None),
        (3, "compare", None),
        (4, "compare", None),
        (2, "refused", "comparison_insufficient"),
        (0, "refused", "comparison_insufficient"),
    ],
)
def test_a_comparison_needs_its_offers_once_it_was_looked_for_them(offers, outcome, refused):
    made = decide(inputs("2000", offers=offers), rules())
    assert (made.outcome, made.refusal, made.offers_received) == (outcome, refused, 3)
    if refused:
        assert made.reasons[-1] == f"Nur {offers} von 3 vergleichbaren Angeboten gefunden."


def test_offers_that_came_in_are_said():
    made = decide(inputs("6000", offers_obtained=True), rules())
    assert (made.outcome, made.reasons[-1]) == ("request", "Die Angebote sind eingeholt.")


# -- the same again, and refusals -----------------------------------------------------------------

nets = st.decimals("0", "30000", places=2)


@given(ordered=nets, before=nets, offers=st.none() | st.integers(0, 5), released=st.booleans())
def test_a_decision_made_again_is_the_same(ordered, before, offers, released):
    known = inputs(
        str(ordered),
        need_before_net=before,
        offers=offers,
        release=RELEASE if released else None,
    )
    made = decide(known, rules())
    again = decide(RouteDecision.model_validate_json(made.model_dump_json()).inputs, rules())
    assert again == made
    assert differences(made, again) == ()
    assert not differs(made, again)
    assert made.decisive_net == max(ordered, ordered + before)


@given(low=nets, high=nets)
def test_a_dearer_purchase_never_has_an_easier_way(low, high):
    low, high = sorted((low, high))
    order = ("direct", "compare", "request", "hand_over")
    easier, harder = (decide(inputs(str(net)), rules()).outcome for net in (low, high))
    assert order.index(easier) <= order.index(harder)


def test_differences_are_told_sums_before_outcomes():
    made = decide(inputs("100"), rules())
    again = decide(inputs("100", need_before_net=Decimal(1500)), rules())
    assert differs(made, again)
    assert differences(made, again) == (
        "Für den Bedarf beauftragt: 0,00 EUR, neu 1.500,00 EUR.",
        "Weg: Direktauftrag, neu Preisvergleich.",
        "maßgeblicher Wert: 100,00 EUR, neu 1.600,00 EUR.",
        "Wertgrenze: 1.000,00 EUR, neu 5.000,00 EUR.",
    )


def test_a_limit_that_is_gone_and_approval_that_came_are_told_in_words():
    made = decide(inputs("100"), rules())
    none = made.model_copy(update={"limit_net": None, "approval_required": True, "evaluator": 1})
    assert differences(made, none) == (
        "Wertgrenze: 1.000,00 EUR, neu keine.",
        "Genehmigung nötig: nein, neu ja.",
        f"Auswertung: Fassung {EVALUATOR}, neu 1.",
    )


@pytest.mark.parametrize(
    ("known", "field"),
    [
        (inputs("10", agreements=(hint(),)), "lines"),
        (inputs("10", agreements=(hint("open"),)), "reason_beside_agreement"),
        (inputs("2000", offers=1), "lines"),
    ],
)
def test_a_refused_purchase_carries_its_decision_and_a_way_out(known: RouteInputs, field: str):
    made = decide(known, rules())
    refused = refusal(made)
    assert refused is not None
    assert (refused.code, refused.field) == (made.refusal, field)
    assert refused.way_out
    assert refused.extra["decision"]["reasons"] == list(made.reasons)


def test_what_goes_on_has_no_reason_against_it():
    made = decide(inputs("10"), rules())
    assert reason_against(made) is None
    assert refusal(made) is None
