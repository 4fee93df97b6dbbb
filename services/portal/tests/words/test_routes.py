"""Routes as people read them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from marktbund.contracts.routes import RouteDecision
from portal.words import routes
from portal.words.routes import ReasonSentence, route_of
from services.portal.tests.facts import decision


def decided(**different: Any) -> RouteDecision:
    return RouteDecision.model_validate(decision(**different))


def test_a_route_says_what_was_held_against_which_limit():
    route = route_of(decided())
    assert (route.way, route.limit_name, route.limit) == (
        "Direktauftrag",
        "Wertgrenze",
        "5.000,00 €",
    )
    assert (route.ordered_before, route.estimate) == (Decimal(4000), Decimal(250))
    assert [class_sum.together for class_sum in route.sums] == [Decimal(250), Decimal(4250)]


def test_where_no_limit_is_set_the_page_says_so_and_never_calls_advice_a_limit():
    none_set = route_of(decided(binding=False, limit_net=None))
    assert (none_set.limit_name, none_set.limit) == ("Wertgrenze", "keine gesetzt")
    advice = route_of(decided(binding=False, outcome="request", offers_asked=3))
    assert (advice.limit_name, advice.beside_advice) == ("Empfohlene Grenze", True)
    assert advice.offers == "3 anzufragen, 0 müssen eingehen"
    assert advice.binding == "nein, das ist ein Hinweis"


@pytest.mark.parametrize(
    ("entitled", "exhausted", "binding", "asks"),
    [
        (True, False, "open", True),
        (True, True, "open", False),
        (False, False, "open", False),
        (True, False, "exclusive", False),
    ],
)
def test_only_a_usable_open_agreement_asks_for_a_reason(
    entitled: bool, exhausted: bool, binding: str, asks: bool
):
    hint = {"agreement_id": str(UUID(int=1)), "number": "7", "comparable_group": "g"}
    hint |= {"entitled": entitled, "exhausted": exhausted, "binding": binding}
    route = route_of(decided(inputs={"agreements": [hint, hint]}))
    assert (len(route.agreements), route.beside_agreement) == (1, asks)


def test_the_order_a_reason_names_is_pointed_to():
    order_id = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"
    reason = f"Für 900,00 EUR beauftragt, zuletzt Bestellung {order_id}; mit dieser 1.200,00 EUR."
    last = {"classes": [decision()["inputs"]["classes"][0] | {"last_order_id": order_id}]}
    answered = decided(inputs=last, reasons=[reason, "Bis 5.000,00 EUR: Direktauftrag."])
    assert routes.reasons_of(answered) == (
        ReasonSentence(
            "Für 900,00 EUR beauftragt (", UUID(order_id), "); mit dieser 1.200,00 EUR."
        ),
        ReasonSentence("Bis 5.000,00 EUR: Direktauftrag."),
    )


def test_a_sum_of_a_class_points_to_the_latest_order_that_counted():
    last = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"
    first, text = decision()["inputs"]["classes"][0], "Gleichartiges (CPV-Klasse 3019): 4.250 EUR."
    inputs = {"classes": [first | {"last_order_id": last}]}
    answered = decided(inputs=inputs, reasons=[text, "Schätzwert 250,00 EUR netto."])
    route = routes.route_of(answered)
    assert route.reasons == (
        ReasonSentence(f"{text} ", UUID(last)),
        ReasonSentence("Schätzwert 250,00 EUR netto."),
    )
    assert [class_sum.last_order_id for class_sum in route.sums] == [None, UUID(last)]
    of_itself = routes.route_of(answered, UUID(last))
    assert of_itself.reasons[0] == ReasonSentence(text)
    assert of_itself.sums[1].last_order_id is None
