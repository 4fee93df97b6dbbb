"""The file of an order as a timeline: every promise and every answer, oldest first, in German."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.words.codes import CANCEL_REASON, DECISION, DISREGARDED, DOCUMENT, NOTICE, word
from portal.words.figures import counted, day, money, price, quantity
from portal.words.routes import PROCEDURE, RELEASE, WAY


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: `at` as the record says, `facts` one sentence each."""

    at: str
    title: str
    facts: tuple[str, ...]
    seq: int
    hash: str
    type: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Names for ids: suppliers by id, articles by line number."""

    suppliers: Mapping[str, str]
    articles: Mapping[int, str]

    def supplier(self, payload: Mapping[str, Any]) -> str:
        """The supplier a record is about."""
        return self.suppliers.get(str(payload.get("supplier_id")), "Lieferant")

    def article(self, line: Mapping[str, Any]) -> str:
        """The article of a line."""
        number = line["line_no"]
        return self.articles.get(number, f"Position {number}")


Payload = Mapping[str, Any]
Telling = Callable[[Payload, Names], tuple[str, Sequence[str]]]


def entries(records: Iterable[Mapping[str, Any]], names: Names) -> list[Entry]:
    """Every record as an entry; one whose content was disposed of keeps its place."""
    return [_entry(record, names) for record in records]


def _entry(record: Mapping[str, Any], names: Names) -> Entry:
    kind = str(record["type"]).split(".")[2]
    payload = record["payload"]
    telling = _TOLD.get(kind) or _unknown(word({}, kind))
    if not isinstance(payload, Mapping):
        telling, payload = _unknown("Inhalt fristgerecht gelöscht"), {}
    title, facts = telling(payload, names)
    at = str(record["business_time"] or record["time"])
    return Entry(
        at, title, tuple(facts), record["seq"], record["hash"], kind, bool(record["covered"])
    )


def _unknown(title: str) -> Telling:
    def telling(_: Payload, __: Names) -> tuple[str, Sequence[str]]:
        return title, ()

    return telling


def _lines(count: int) -> str:
    return counted(count, "Position", "Positionen")


def _submitted(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    lines = payload["lines"]
    facts = [f"{_lines(len(lines))}, {money(payload['net_total'])} netto"]
    if payload.get("reference"):
        facts.append(f"Eigene Nummer: {payload['reference']}")
    return "Bestellung abgeschickt", facts


def _approved(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    basis = payload.get("basis")
    if basis == "not_required":
        return "Freigegeben", ["Keine Genehmigung nötig"]
    return "Genehmigt", _comment(payload)


def _comment(payload: Payload) -> list[str]:
    return [f"Anmerkung: {payload['comment']}"] if payload.get("comment") else []


def _turned_down(title: str) -> Telling:
    def telling(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
        reasons = payload.get("hindrances") or ()
        said = [f"{each['title']}. {each['detail']}".strip() for each in reasons]
        return title, said or _comment(payload)

    return telling


def _decided(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    decision = payload["decision"]
    return f"Neu geprüft: {word(WAY, decision['outcome'])}", decision["reasons"]


def _awaited(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    return "Angebote werden eingeholt", [
        f"{payload['offers_asked']} anzufragen, {payload['offers_received']} müssen eingehen"
    ]


def _obtained(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    facts = [
        f"{one['supplier_name']}: {money(one['net_total']) or 'kein Angebot'}"
        for one in payload["offers"]
    ]
    return "Angebote eingeholt", facts


def _released(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    release = payload["release"]
    return "Von der Vergabestelle freigegeben", [
        f"{word(RELEASE, release['code'])}: {release['reason']}"
    ]


def _awarded(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    basis = payload["basis"]
    return "Vergeben", [f"{word(PROCEDURE, basis['procedure'])}, {basis['file_reference']}"]


def _placed(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
    shares = payload["supplier_orders"]
    facts = [
        f"{names.supplier(each)}: {_lines(each['lines'])}, {money(each['net_total'])} netto"
        for each in shares
    ]
    return "Verbindlich beauftragt", facts


def _cancelled(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    return "Storniert", [f"Grund: {word(CANCEL_REASON, payload['reason'])}"]


def _answered(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
    return f"{names.supplier(payload)} hat geantwortet", [
        _promise(line, names) for line in payload["lines"]
    ]


def _promise(line: Payload, names: Names) -> str:
    said = f"{names.article(line)}: {word(DECISION, line['decision'])}"
    if line["decision"] == "refused":
        return said
    amount = f"{quantity(line['quantity'])} zu je {price(line['unit_price_net'])}"
    when = f", Liefertag {day(line['promised_date'])}" if line.get("promised_date") else ""
    return f"{said}, {amount}{when}"


def _sent(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
    facts = [f"{names.article(line)}: {quantity(line['quantity'])}" for line in payload["lines"]]
    return f"{names.supplier(payload)} hat Ware abgeschickt", [
        f"Versandtag {day(payload['despatched_on'])}",
        *facts,
    ]


def _document(title: str) -> Telling:
    def telling(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
        what = "Bestellung" if payload["document"] == "order" else "Stornierung"
        return title.format(what=what, supplier=names.supplier(payload)), ()

    return telling


def _needed(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    return "Bedarf erfasst", [f"Schätzwert {money(payload['estimate']['net'])} netto"]


def _noticed(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    return f"Benachrichtigung verschickt: {word(NOTICE, payload['kind'])}", ()


def _replayed(payload: Payload, _: Names) -> tuple[str, Sequence[str]]:
    said = ["Dasselbe Ergebnis"] if payload["same"] else ["Abweichung", *payload["differences"]]
    return "Wertgrenzenprüfung nachgerechnet", said


def _share(title: str) -> Telling:
    def telling(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
        return f"{title}: {names.supplier(payload)}", ()

    return telling


def _disregarded(payload: Payload, names: Names) -> tuple[str, Sequence[str]]:
    what = word(DOCUMENT, payload.get("document", "answer"))
    why = word(DISREGARDED, payload.get("reason", "order_cancelled"))
    return f"{what} von {names.supplier(payload)} gilt nicht", [why]


_TOLD: Mapping[str, Telling] = {
    "NeedRecorded": _needed,
    "DecisionReplayed": _replayed,
    "NoticeGiven": _noticed,
    "OrderSubmitted": _submitted,
    "OrderApproved": _approved,
    "OrderRefused": _turned_down("Abgelehnt"),
    "OrderSentBack": _turned_down("Zurückgegeben"),
    "RouteDecided": _decided,
    "OffersAwaited": _awaited,
    "OffersRecorded": _obtained,
    "OrderReleased": _released,
    "OrderHandedOver": _unknown("An die Vergabestelle abgegeben"),
    "OrderAwarded": _awarded,
    "OrderPlaced": _placed,
    "OrderCancelled": _cancelled,
    "OrderResponseReceived": _answered,
    "DespatchAdvised": _sent,
    "DeliveryQueued": _document("{what} liegt für {supplier} bereit"),
    "DeliveryAcknowledged": _document("{supplier} hat die {what} abgerufen"),
    "DeliveryFailed": _document("{what} hat {supplier} noch nicht erreicht"),
    "DeliveryAbandoned": _document("{what} liegt für {supplier} nur noch zum Abruf"),
    "DeliveryReplayed": _document("{what} wird {supplier} noch einmal zugestellt"),
    "SupplierOrderPlaced": _share("Auftrag vergeben"),
    "SupplierOrderAcknowledged": _share("Abruf vermerkt"),
    "SupplierOrderAnswered": _share("Antwort in der Bestellung vermerkt"),
    "SupplierOrderDespatched": _share("Versand in der Bestellung vermerkt"),
    "SupplierOrderCancelled": _share("Auftrag storniert"),
    "AnswerDisregarded": _disregarded,
}

KNOWN = frozenset(_TOLD)
"""The kinds of records there are German words for."""
_NOTES = {kind for kind in _TOLD if kind.startswith("SupplierOrder")}
"""What services note of one another's news, which stand in the file themselves."""


def for_readers(all_entries: Iterable[Entry]) -> list[Entry]:
    """Without the notes that services make of one another's news; new kinds are shown."""
    return [each for each in all_entries if each.type not in _NOTES]
