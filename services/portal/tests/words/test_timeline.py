"""The file of an order as people read it."""

from typing import Any

import pytest

from marktbund.contracts import MESSAGES
from portal.words import timeline
from portal.words.timeline import Names
from services.portal.tests.facts import decision


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


def record(kind: str, payload: object) -> dict[str, object]:
    return {
        "type": f"marktbund.orders.{kind}.v1",
        "payload": payload,
        "business_time": None,
        "time": "2026-11-03T13:05:00Z",
        "seq": 1,
        "hash": "ab",
        "covered": True,
    }


def test_the_timeline_tells_every_promise():
    line = {"line_no": 1, "decision": "changed", "quantity": "4", "unit_price_net": "2.5"}
    answer = {"supplier_id": "s", "lines": [line | {"promised_date": "2026-12-01"}]}
    records = [
        record("OrderResponseReceived", answer),
        record("SupplierOrderAnswered", answer),
        record("SomethingNew", {}),
        record("OrderPlaced", None),
    ]
    found = timeline.entries(records, Names({"s": "Bürowelt"}, {1: "Papier"}))
    told = [(each.title, each.facts) for each in timeline.for_readers(found)]
    assert told == [
        (
            "Bürowelt hat geantwortet",
            ("Papier: geändert zugesagt, 4 zu je 2,50 €, Liefertag 01.12.2026",),
        ),
        ("nicht näher bezeichnet", ()),
        ("Inhalt fristgerecht gelöscht", ()),
    ]


def test_every_event_of_an_order_is_told_in_german():
    filed = [
        kind.type_name().split(".")[2]
        for kind in MESSAGES.values()
        if "order_id" in kind.model_fields and kind.topic.kind == "events"
    ]
    assert set(filed) <= timeline.KNOWN


def test_what_was_written_down_beside_an_order_is_told():
    records = [
        record("NeedRecorded", {"estimate": {"net": "106.88"}}),
        record("NoticeGiven", {"kind": "approval_waiting"}),
        record("DecisionReplayed", {"same": True, "differences": []}),
        record("DeliveryFailed", {"document": "order", "supplier_id": "s"}),
    ]
    told = timeline.entries(records, Names({"s": "Bürowelt"}, {}))
    assert [(each.title, each.facts) for each in told] == [
        ("Bedarf erfasst", ("Schätzwert 106,88 € netto",)),
        ("Benachrichtigung verschickt: Genehmigung steht an", ()),
        ("Wertgrenzenprüfung nachgerechnet", ("Dasselbe Ergebnis",)),
        ("Bestellung hat Bürowelt noch nicht erreicht", ()),
    ]
