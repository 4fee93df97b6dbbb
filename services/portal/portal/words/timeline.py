"""The file of an order as a timeline: every promise and every answer, oldest first, in German."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID

from pydantic import ValidationError

from marktbund.contracts import MESSAGES
from marktbund.contracts.base import Message
from marktbund.contracts.http.documentation import FiledRecord
from marktbund.contracts.notices import NoticeGiven
from marktbund.contracts.order_steps import (
    Hindrance,
    OffersAwaited,
    OffersRecorded,
    OrderAwarded,
    OrderHandedOver,
    OrderRefused,
    OrderReleased,
    OrderSentBack,
    RouteDecided,
)
from marktbund.contracts.orders import (
    AnswerDisregarded,
    OrderApproved,
    OrderCancelled,
    OrderPlaced,
    OrderSubmitted,
    SupplierOrderAcknowledged,
    SupplierOrderAnswered,
    SupplierOrderCancelled,
    SupplierOrderDespatched,
    SupplierOrderMessage,
    SupplierOrderPlaced,
)
from marktbund.contracts.routes import DecisionReplayed, NeedRecorded
from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryMessage,
    DeliveryQueued,
    DeliveryReplayed,
    DespatchAdvised,
    OrderResponseReceived,
    ResponseLine,
)
from marktbund.contracts.words import (
    CANCEL_REASON,
    DECISION,
    DISREGARDED,
    DOCUMENT,
    NOTICE,
    PROCEDURE,
    RELEASE,
    SENT_DOCUMENT,
    WAY,
)
from portal.words.codes import word
from portal.words.figures import counted, day, money, price, quantity
from portal.words.routes import offers_wanted

DISPOSED = "Inhalt fristgerecht gelöscht"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: `at` as the record says, `facts` a sentence each."""

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

    suppliers: Mapping[UUID, str]
    articles: Mapping[int, str]

    def supplier(self, supplier_id: UUID) -> str:
        """A supplier's name."""
        return self.suppliers.get(supplier_id, "Lieferant")

    def article(self, line_no: int) -> str:
        """The article of a line."""
        return self.articles.get(line_no, f"Position {line_no}")


Account = tuple[str, Sequence[str]]
"""What happened, and what is to be known of it."""


def entries(records: Iterable[FiledRecord], names: Names) -> list[Entry]:
    """Every record as an entry; one whose content was disposed of keeps its place."""
    return [_entry(record, names) for record in records]


def _entry(record: FiledRecord, names: Names) -> Entry:
    title, facts = _account(record, names)
    kind = record.type.split(".")[2]
    at = record.business_time or record.time
    return Entry(at, title, tuple(facts), record.seq, record.hash, kind, record.covered)


def _account(record: FiledRecord, names: Names) -> Account:
    if record.payload is None:
        return DISPOSED, ()
    kind = MESSAGES.get(record.type)
    if kind is None:
        return word({}, record.type), ()
    try:
        event = kind.model_validate(record.payload)
    except ValidationError:
        return word({}, record.type), ()
    entry: Account = account(event, names)
    return entry


@singledispatch
def account(event: Message, names: Names) -> Account:
    """What an event of an order tells people; names: whom and what it is about."""
    del names
    return word({}, type(event).__name__), ()


def _lines(count: int) -> str:
    return counted(count, "Position", "Positionen")


def _comment(comment: str) -> list[str]:
    return [f"Anmerkung: {comment}"] if comment else []


@account.register
def _submitted(event: OrderSubmitted, _: Names) -> Account:
    facts = [f"{_lines(len(event.lines))}, {money(event.net_total)} netto"]
    if event.reference:
        facts.append(f"Eigene Nummer: {event.reference}")
    return "Bestellung abgeschickt", facts


@account.register
def _approved(event: OrderApproved, _: Names) -> Account:
    if event.basis == "not_required":
        return "Freigegeben", ["Keine Genehmigung nötig"]
    return "Genehmigt", _comment(event.comment)


def _turned_down(title: str, hindrances: Sequence[Hindrance], comment: str) -> Account:
    reasons = [f"{reason.title}. {reason.detail}".strip() for reason in hindrances]
    return title, reasons or _comment(comment)


@account.register
def _refused(event: OrderRefused, _: Names) -> Account:
    return _turned_down("Abgelehnt", event.hindrances, event.comment)


@account.register
def _sent_back(event: OrderSentBack, _: Names) -> Account:
    return _turned_down("Zurückgegeben", event.hindrances, event.comment)


@account.register
def _decided(event: RouteDecided, _: Names) -> Account:
    decision = event.decision
    return f"Neu geprüft: {word(WAY, decision.outcome)}", decision.reasons


@account.register
def _awaited(event: OffersAwaited, _: Names) -> Account:
    wanted = offers_wanted(event.offers_asked, event.offers_received)
    return "Angebote werden eingeholt", [wanted]


@account.register
def _obtained(event: OffersRecorded, _: Names) -> Account:
    facts = [
        f"{offer.supplier_name}: {money(offer.net_total) or 'kein Angebot'}"
        for offer in event.offers
    ]
    return "Angebote eingeholt", facts


@account.register
def _released(event: OrderReleased, _: Names) -> Account:
    reason = f"{word(RELEASE, event.release.code)}: {event.release.reason}"
    return "Von der Vergabestelle freigegeben", [reason]


@account.register
def _handed_over(_: OrderHandedOver, __: Names) -> Account:
    return "An die Vergabestelle abgegeben", ()


@account.register
def _awarded(event: OrderAwarded, _: Names) -> Account:
    basis = event.basis
    return "Vergeben", [f"{word(PROCEDURE, basis.procedure)}, {basis.file_reference}"]


@account.register
def _placed(event: OrderPlaced, names: Names) -> Account:
    facts = [
        f"{names.supplier(share.supplier_id)}: {_lines(share.lines)}, "
        f"{money(share.net_total)} netto"
        for share in event.supplier_orders
    ]
    return "Verbindlich beauftragt", facts


@account.register
def _cancelled(event: OrderCancelled, _: Names) -> Account:
    return "Storniert", [f"Grund: {word(CANCEL_REASON, event.reason)}"]


@account.register
def _answered(event: OrderResponseReceived, names: Names) -> Account:
    promises = [_promise(line, names) for line in event.lines]
    return f"{names.supplier(event.supplier_id)} hat geantwortet", promises


def _promise(line: ResponseLine, names: Names) -> str:
    answer = f"{names.article(line.line_no)}: {word(DECISION, line.decision)}"
    if line.decision == "refused":
        return answer
    amount = f"{quantity(line.quantity)} zu je {price(line.unit_price_net)}"
    when = f", Liefertag {day(line.promised_date)}" if line.promised_date else ""
    return f"{answer}, {amount}{when}"


@account.register
def _sent(event: DespatchAdvised, names: Names) -> Account:
    facts = [f"{names.article(line.line_no)}: {quantity(line.quantity)}" for line in event.lines]
    return f"{names.supplier(event.supplier_id)} hat Ware abgeschickt", [
        f"Versandtag {day(event.despatched_on)}",
        *facts,
    ]


_DELIVERIES: Mapping[type[DeliveryMessage], str] = {
    DeliveryQueued: "{what} liegt für {supplier} bereit",
    DeliveryAcknowledged: "{supplier} hat die {what} abgerufen",
    DeliveryFailed: "{what} hat {supplier} noch nicht erreicht",
    DeliveryAbandoned: "{what} liegt für {supplier} nur noch zum Abruf",
    DeliveryReplayed: "{what} wird {supplier} noch einmal zugestellt",
}


@account.register
def _delivery(event: DeliveryMessage, names: Names) -> Account:
    what = word(SENT_DOCUMENT, event.document)
    title = _DELIVERIES[type(event)]
    return title.format(what=what, supplier=names.supplier(event.supplier_id)), ()


@account.register
def _needed(event: NeedRecorded, _: Names) -> Account:
    return "Bedarf erfasst", [f"Schätzwert {money(event.estimate.net)} netto"]


@account.register
def _noticed(event: NoticeGiven, _: Names) -> Account:
    return f"Benachrichtigung verschickt: {word(NOTICE, event.kind)}", ()


@account.register
def _replayed(event: DecisionReplayed, _: Names) -> Account:
    result = ["Dasselbe Ergebnis"] if event.same else ["Abweichung", *event.differences]
    return "Wertgrenzenprüfung nachgerechnet", result


_NOTES: Mapping[type[SupplierOrderMessage], str] = {
    SupplierOrderPlaced: "Auftrag vergeben",
    SupplierOrderAcknowledged: "Abruf vermerkt",
    SupplierOrderAnswered: "Antwort in der Bestellung vermerkt",
    SupplierOrderDespatched: "Versand in der Bestellung vermerkt",
    SupplierOrderCancelled: "Auftrag storniert",
}
"""What services note of one another's news, which stand in the file themselves."""


@account.register
def _noted(event: SupplierOrderMessage, names: Names) -> Account:
    return f"{_NOTES[type(event)]}: {names.supplier(event.supplier_id)}", ()


@account.register
def _disregarded(event: AnswerDisregarded, names: Names) -> Account:
    what = word(DOCUMENT, event.document)
    title = f"{what} von {names.supplier(event.supplier_id)} gilt nicht"
    return title, [word(DISREGARDED, event.reason)]


def is_known(kind: type[Message]) -> bool:
    """Whether there are German words for events of this kind."""
    if account.dispatch(kind) is account.dispatch(Message):
        return False
    if issubclass(kind, DeliveryMessage):
        return kind in _DELIVERIES
    return kind is AnswerDisregarded or kind in _NOTES or not issubclass(kind, SupplierOrderMessage)


_NOTE_NAMES = {kind.__name__ for kind in _NOTES}


def for_readers(all_entries: Iterable[Entry]) -> list[Entry]:
    """Without the notes that services make of one another's news; new kinds are shown."""
    return [entry for entry in all_entries if entry.type not in _NOTE_NAMES]
