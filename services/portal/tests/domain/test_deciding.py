"""Routes as people read them, an award office's forms, and what the timeline tells of them."""

from decimal import Decimal
from typing import Any

import pytest

from portal.domain import offers, timeline
from portal.domain.figures import counted
from portal.domain.problems import Problem
from portal.domain.routes import route_of
from portal.domain.timeline import Names
from services.portal.tests.facts import decision


def test_a_route_says_what_was_held_against_which_limit():
    route = route_of(decision())
    assert (route.way, route.limit_name, route.limit) == (
        "Direktauftrag",
        "Wertgrenze",
        "5.000,00 €",
    )
    assert (route.ordered_before, route.estimate) == (Decimal(4000), Decimal(250))
    assert [one.together for one in route.sums] == [Decimal(250), Decimal(4250)]


def test_where_no_limit_is_set_the_page_says_so_and_never_calls_advice_a_limit():
    none_set = route_of(decision(binding=False, limit_net=None))
    assert (none_set.limit_name, none_set.limit) == ("Wertgrenze", "keine gesetzt")
    advice = route_of(decision(binding=False, outcome="request", offers_asked=3))
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
    hint = {"agreement_id": "1", "number": "7", "comparable_group": "g"}
    hint |= {"entitled": entitled, "exhausted": exhausted, "binding": binding}
    route = route_of(decision(inputs={"agreements": [hint, hint]}))
    assert (len(route.agreements), route.beside_agreement) == (1, asks)


def test_offers_are_read_with_those_only_asked():
    typed = {"offer-name-1": "Nord", "offer-name-3": "Süd", "offer-net-3": "1.480,00"}
    assert offers.read_offers(typed | {"offer-on-3": "2026-11-20"}) == {
        "offers": [
            {"supplier_name": "Nord"},
            {"supplier_name": "Süd", "net_total": "1480.00", "quoted_on": "2026-11-20"},
        ]
    }


def test_offers_that_cannot_be_read_name_their_fields():
    assert [each.field for each in problems(offers.read_offers({}))] == ["offer-name-1"]
    typed = {"offer-net-1": "x", "offer-on-1": "morgen"}
    assert [each.field for each in problems(offers.read_offers(typed))] == [
        "offer-name-1",
        "offer-net-1",
        "offer-on-1",
    ]


def test_an_award_leaves_out_what_was_not_awarded():
    lines = [{"line_no": 1, "article_id": "a"}, {"line_no": 2, "article_id": "b"}]
    typed = {"procedure": "open", "file_reference": "VS-1", "award-quantity-1": "1.000,0"}
    read = offers.read_award(typed | {"award-quantity-2": "0", "award-price-1": "0,95"}, lines)
    assert read == {
        "procedure": "open",
        "file_reference": "VS-1",
        "lines": [{"article_id": "a", "quantity": "1000.0", "unit_price_net": "0.95"}],
    }
    wrong = offers.read_award({"award-quantity-1": "x", "award-price-1": "y"}, lines)
    fields = ["award-quantity-1", "award-price-1", "file_reference"]
    assert [each.field for each in problems(wrong)] == fields
    nothing = offers.read_award({"file_reference": "VS-1"}, lines)
    assert [each.field for each in problems(nothing)] == ["result"]


def problems(read: dict[str, object] | list[Problem]) -> list[Problem]:
    assert isinstance(read, list)
    return read


def test_one_is_said_in_the_singular():
    assert counted(1, "Position", "Positionen") == "1 Position"
    assert counted(1000, "Position", "Positionen") == "1.000 Positionen"


@pytest.mark.parametrize(
    ("kind", "payload", "title", "fact"),
    [
        (
            "OrderSentBack",
            {"comment": "Bitte nur 310"},
            "Zurückgegeben",
            "Anmerkung: Bitte nur 310",
        ),
        ("OrderRefused", {"comment": "Bestand"}, "Abgelehnt", "Anmerkung: Bestand"),
        ("OrderApproved", {"basis": "approver", "comment": "Gut"}, "Genehmigt", "Anmerkung: Gut"),
        (
            "RouteDecided",
            {"decision": decision()},
            "Neu geprüft: Direktauftrag",
            "Bis 5.000,00 EUR: Direktauftrag (Satzung § 4).",
        ),
        (
            "OffersAwaited",
            {"offers_asked": 3, "offers_received": 1},
            "Angebote werden eingeholt",
            "3 anzufragen, 1 müssen eingehen",
        ),
        (
            "OffersRecorded",
            {"offers": [{"supplier_name": "Nord", "net_total": None}]},
            "Angebote eingeholt",
            "Nord: kein Angebot",
        ),
        (
            "OrderReleased",
            {"release": {"code": "urgency", "reason": "Hochwasser"}},
            "Von der Vergabestelle freigegeben",
            "Dringlichkeit: Hochwasser",
        ),
        (
            "OrderAwarded",
            {"basis": {"procedure": "other", "file_reference": "VS-1"}},
            "Vergeben",
            "anderes Verfahren, VS-1",
        ),
    ],
)
def test_the_timeline_tells_every_decision(
    kind: str, payload: dict[str, Any], title: str, fact: str
):
    record = {"type": f"marktbund.orders.{kind}.v1", "payload": payload, "business_time": None}
    record |= {"time": "2026-11-03T13:05:00Z", "seq": 1, "hash": "ab", "covered": True}
    (entry,) = timeline.for_readers(timeline.entries([record], Names({}, {})))
    assert (entry.title, entry.facts) == (title, (fact,))
