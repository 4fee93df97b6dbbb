"""The file of an order as people read it."""

from pathlib import Path
from typing import Any

import pytest

from marktbund.contracts import MESSAGES
from marktbund.contracts.http.documentation import FiledRecord
from marktbund.jsons import loads
from portal.words import timeline
from portal.words.timeline import Entry, Names
from services.portal.tests.facts import SUPPLIER, decision, filed

GOLDEN = Path(__file__).parents[4] / "tests" / "contracts" / "golden"
NAMES = Names({}, {1: "Papier"})


def record(kind: str, /, **different: Any) -> FiledRecord:
    """A record of an event as the world reads it, with something different in it."""
    payload = loads((GOLDEN / f"marktbund.{kind}.v1.json").read_bytes())
    return FiledRecord.model_validate(filed(kind, payload | different))


def shown(*records: FiledRecord) -> list[Entry]:
    return timeline.for_readers(timeline.entries(records, NAMES))


@pytest.mark.parametrize(
    ("kind", "different", "title", "fact"),
    [
        (
            "OrderSentBack",
            {"comment": "Bitte nur 310", "hindrances": []},
            "Zurückgegeben",
            "Anmerkung: Bitte nur 310",
        ),
        (
            "OrderRefused",
            {"comment": "Bestand", "hindrances": []},
            "Abgelehnt",
            "Anmerkung: Bestand",
        ),
        ("OrderApproved", {"basis": "approver", "comment": "Gut"}, "Genehmigt", "Anmerkung: Gut"),
        ("OrderApproved", {"basis": "not_required"}, "Freigegeben", "Keine Genehmigung nötig"),
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
            "3 anzufragen, 1 muss eingehen",
        ),
        (
            "OffersRecorded",
            {"offers": [{"kind": "asked", "supplier_name": "Nord", "net_total": None}]},
            "Angebote eingeholt",
            "Nord: kein Angebot",
        ),
        ("OrderCancelled", {"reason": "other"}, "Storniert", "Grund: anderer Grund"),
    ],
)
def test_the_timeline_tells_every_decision(
    kind: str, different: dict[str, Any], title: str, fact: str
):
    (entry,) = shown(record(f"orders.{kind}", **different))
    assert (entry.title, entry.facts) == (title, (fact,))


def test_a_release_and_an_award_name_their_reason():
    release = {"code": "urgency", "reason": "Hochwasser", "released_by": SUPPLIER}
    basis = {"handed_over_order_id": SUPPLIER, "procedure": "other", "file_reference": "VS-1"}
    released, awarded = shown(
        record("orders.OrderReleased", release=release), record("orders.OrderAwarded", basis=basis)
    )
    assert released.title == "Von der Vergabestelle freigegeben"
    assert released.facts == ("Dringlichkeit: Hochwasser",)
    assert (awarded.title, awarded.facts) == ("Vergeben", ("anderes Verfahren, VS-1",))


def test_the_timeline_tells_every_promise():
    line = {"line_no": 1, "decision": "changed", "quantity": "4", "unit_price_net": "2.5"}
    promised = [line | {"promised_date": "2026-12-01"}]
    answered = record("supplier-gateway.OrderResponseReceived", lines=promised)
    entries = shown(answered, record("orders.SupplierOrderAnswered"))
    assert [(entry.title, entry.facts) for entry in entries] == [
        (
            "Lieferant hat geantwortet",
            ("Papier: geändert zugesagt, 4 zu je 2,50 €, Liefertag 01.12.2026",),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "payload", "title"),
    [
        ("orders.SomethingNew", {}, "nicht näher bezeichnet"),
        ("orders.OrderPlaced", {"net_total": []}, "nicht näher bezeichnet"),
        ("orders.OrderPlaced", None, "Inhalt fristgerecht gelöscht"),
    ],
)
def test_what_cannot_be_read_keeps_its_place(kind: str, payload: Any, title: str):
    (entry,) = shown(FiledRecord.model_validate(filed(kind, payload)))
    assert (entry.title, entry.facts) == (title, ())


def test_every_event_of_an_order_is_told_in_german():
    of_orders = [
        kind
        for kind in MESSAGES.values()
        if "order_id" in kind.model_fields and kind.topic.kind == "events"
    ]
    assert [kind.__name__ for kind in of_orders if not timeline.is_known(kind)] == []
    assert len(of_orders) > 20


def test_what_was_written_down_beside_an_order_is_told():
    estimate = {"need_kind": "one_off", "method": "sum_of_lines", "net": "106.88"}
    entries = shown(
        record("orders.NeedRecorded", estimate=estimate),
        record("orders.NoticeGiven", kind="approval_waiting"),
        record("orders.DecisionReplayed", same=True, differences=[]),
        record("supplier-gateway.DeliveryFailed", document="order"),
    )
    assert [(entry.title, entry.facts) for entry in entries] == [
        ("Bedarf erfasst", ("Schätzwert 106,88 € netto",)),
        ("Benachrichtigung verschickt: Genehmigung steht an", ()),
        ("Wertgrenzenprüfung nachgerechnet", ("Dasselbe Ergebnis",)),
        ("Bestellung hat Lieferant noch nicht erreicht", ()),
    ]
