"""The pure rooms: figures, forms of suppliers, plots, the timeline."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts import MESSAGES
from portal.domain import answers, charts, cpv, figures, routes, timeline
from portal.domain.charts import Bar, Spread, Stack
from portal.domain.paths import safe_target
from portal.domain.problems import Problem
from portal.domain.routes import ReasonSentence
from portal.domain.timeline import Names
from services.portal.tests.facts import decision


@given(st.text())
def test_a_target_is_always_a_path_of_ours(asked: str):
    target = safe_target(asked)
    assert target == "/" or (
        target == asked and target[0] == "/" and target[1:2] not in {"/", "\\"}
    )


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (figures.money("1234567.8"), "1.234.567,80 €"),
        (figures.price("0.0125"), "0,0125 €"),
        (figures.quantity("12.500"), "12,5"),
        (figures.quantity("1000"), "1.000"),
        (figures.day("2026-11-03"), "03.11.2026"),
        (figures.moment("2026-11-03T13:05:00Z"), "03.11.2026, 14:05 Uhr"),
        (figures.money(None), ""),
    ],
)
def test_figures_are_written_as_in_germany(shown: str, wanted: str):
    assert shown == wanted


def test_an_answer_names_what_changed_and_leaves_out_what_is_open():
    typed = {
        "decision-1": "accepted",
        "date-1": "2026-12-01",
        "quantity-1": "9",
        "decision-2": "changed",
        "quantity-2": "2,5",
        "price-2": "3,10",
        "decision-3": "",
        "decision-4": "refused",
        "date-4": "2026-12-01",
    }
    assert answers.read(typed) == {
        "lines": [
            {"line_no": 1, "decision": "accepted", "promised_date": "2026-12-01"},
            {"line_no": 2, "decision": "changed", "quantity": "2.5", "unit_price_net": "3.10"},
            {"line_no": 4, "decision": "refused"},
        ]
    }


def test_an_answer_that_says_nothing_or_nonsense_names_the_field():
    assert answers.read({"decision-1": ""}) == [
        Problem("lines", "Bitte beantworten Sie mindestens eine Position.")
    ]
    wrong = answers.read({"decision-1": "changed", "quantity-1": "x", "date-1": "morgen"})
    assert [each.field for each in wrong if isinstance(each, Problem)] == ["quantity-1", "date-1"]


def test_a_line_is_named_in_the_digits_of_its_form():
    nothing = [Problem("lines", "Bitte beantworten Sie mindestens eine Position.")]
    assert answers.read({"decision-٣": "accepted", "decision-²": "accepted"}) == nothing


def test_a_despatch_leaves_out_what_was_not_sent():
    typed = {"despatched_on": "2026-12-01", "sent-1": "2", "sent-2": "0", "sent-3": ""}
    assert answers.read_despatch(typed) == {
        "despatched_on": "2026-12-01",
        "lines": [{"line_no": 1, "quantity": "2"}],
    }


def test_labels_in_plots_are_text():
    plot = charts.bars([Bar("<b>&", Decimal(1))], curve=True)
    assert "<b>" not in plot
    assert "&lt;b&gt;&amp;" in plot
    assert "<i>" not in charts.heat_map(["<i>"], ["<i>"], [[Decimal(3)]])
    assert "<i>" not in charts.stacked([Stack("<i>", (Decimal(1), Decimal(2)))])
    assert "<i>" not in charts.spreads([Spread("<i>", *map(Decimal, range(5)))])


@pytest.mark.parametrize(
    ("code", "name", "named"),
    [
        ("3916", "Schulmöbel", "Schulmöbel (3916)"),
        ("39160000", "Schulmöbel", "Schulmöbel (3916)"),
        ("9999", "9999", "9999"),
        ("txt:papier", "txt:papier", "txt:papier"),
    ],
)
def test_classes_are_called_by_name_where_cpv_has_one(code: str, name: str, named: str):
    assert (cpv.name(code), cpv.named(code)) == (name, named)


def test_a_label_that_is_too_wide_ends_with_dots():
    one = [Bar("Straßenausrüstung und Zubehör", Decimal(1))]
    assert "Straßenausrüstung und Zubehör" in charts.bars(one)
    assert "Straßena…" in charts.bars(one * 12)


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


def test_the_order_a_reason_names_is_pointed_to():
    order_id = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"
    reason = f"Für 900,00 EUR beauftragt, zuletzt Bestellung {order_id}; mit dieser 1.200,00 EUR."
    said = decision(reasons=[reason, "Bis 5.000,00 EUR: Direktauftrag."])
    assert routes.reasons_of(said) == (
        ReasonSentence("Für 900,00 EUR beauftragt (", order_id, "); mit dieser 1.200,00 EUR."),
        ReasonSentence("Bis 5.000,00 EUR: Direktauftrag."),
    )


def test_a_sum_of_a_class_points_to_the_latest_order_that_counted():
    last = "01a219cb-82bd-7660-a2ee-b4e9a1ae4931"
    first, text = decision()["inputs"]["classes"][0], "Gleichartiges (CPV-Klasse 3019): 4.250 EUR."
    inputs = {"classes": [first | {"last_order_id": last}]}
    said = decision(inputs=inputs, reasons=[text, "Schätzwert 250,00 EUR netto."])
    route = routes.route_of(said)
    assert route.reasons == (
        ReasonSentence(f"{text} ", last),
        ReasonSentence("Schätzwert 250,00 EUR netto."),
    )
    assert [one.last_order_id for one in route.sums] == ["", last]
    of_itself = routes.route_of(said, last)
    assert of_itself.reasons[0] == ReasonSentence(text)
    assert of_itself.sums[1].last_order_id == ""
