"""The German words on the pages, for what services call by stable English codes."""

from collections.abc import Mapping
from functools import lru_cache

import structlog

from marktbund.contracts.words import ROLE_WORDS
from portal.words.units import UNIT

__all__ = ["UNIT", "word"]

_log = structlog.get_logger(__name__)
UNKNOWN = "nicht näher bezeichnet"
"""What people read for a code that has no word here yet."""

ROLES: Mapping[str, str] = {**ROLE_WORDS, "supplier": "Lieferant"}
ORDER: Mapping[str, str] = {
    "draft": "Entwurf",
    "submitted": "wartet auf Genehmigung",
    "awaiting_offers": "wartet auf Angebote",
    "handed_over": "bei der Vergabestelle",
    "awarded": "vergeben",
    "approved": "genehmigt",
    "placed": "beauftragt",
    "sent_back": "zurückgegeben",
    "refused": "abgelehnt",
    "cancelled": "storniert",
    "discarded": "verworfen",
}
SHARE: Mapping[str, str] = {
    "placed": "beim Lieferanten, noch nicht abgerufen",
    "acknowledged": "vom Lieferanten abgerufen",
    "answered": "beantwortet",
    "despatched": "unterwegs",
    "cancelled": "storniert",
}
DECISION: Mapping[str, str] = {
    "open": "noch keine Antwort",
    "accepted": "zugesagt",
    "changed": "geändert zugesagt",
    "refused": "abgelehnt",
    "cancelled": "storniert",
}
CANCEL_REASON: Mapping[str, str] = {
    "no_longer_needed": "wird nicht mehr gebraucht",
    "ordered_by_mistake": "irrtümlich bestellt",
    "delivery_too_late": "Lieferung zu spät",
    "other": "anderer Grund",
}
DOCUMENT: Mapping[str, str] = {"answer": "Die Antwort", "despatch": "Die Versandmeldung"}
DISREGARDED: Mapping[str, str] = {
    "order_cancelled": "Der Auftrag war schon storniert.",
    "day_out_of_bounds": "Der genannte Tag kann nicht stimmen.",
    "quantity_not_whole": "Diese Ware gibt es nur in ganzen Einheiten.",
}
NOTICE: Mapping[str, str] = {
    "approval_waiting": "Genehmigung steht an",
    "order_approved": "Bestellung genehmigt",
    "order_refused": "Bestellung abgelehnt",
    "order_sent_back": "Bestellung zurückgegeben",
    "supplier_changed": "Lieferant hat geändert",
    "supplier_refused": "Lieferant hat abgelehnt",
    "supplier_late": "Lieferung verspätet sich",
}
PROPOSAL: Mapping[str, str] = {
    "proposed": "zu entscheiden",
    "accepted": "angenommen",
    "rejected": "abgelehnt",
    "faded": "ohne Bedarf",
}
CRITERION: Mapping[str, str] = {
    "members": "Mitglieder",
    "regularity": "Regelmäßigkeit",
    "value": "Wert",
    "suppliers": "Lieferanten",
    "price_spread": "Preisspanne",
}
CAUTION: Mapping[str, str] = {
    "one_buyer": "ein einziger Käufer",
    "crisis": "einzelner Anlass",
    "falling": "Bedarf sinkt",
    "single_supplier": "ein einziger Lieferant",
    "scattered": "zersplitterte Klasse",
}
TENDER: Mapping[str, str] = {
    "open": "wartet auf Ergebnis",
    "awarded": "Zuschlag erteilt",
    "cancelled": "aufgehoben",
}
AGREEMENT: Mapping[str, str] = {
    "draft": "zu bestätigen",
    "confirmed": "bestätigt",
    "in_force": "in Kraft",
    "ended": "beendet",
}
BINDING: Mapping[str, str] = {
    "exclusive": "ausschließlich: Artikel nur noch aus diesem Vertrag",
    "open": "offen: daneben bestellen mit Begründung",
}
RAISE_GROUND: Mapping[str, str] = {
    "132_2_1": "§ 132 Abs. 2 Satz 1 Nr. 1 GWB: vereinbarte Überprüfungsklausel oder Option",
    "132_2_2": "§ 132 Abs. 2 Satz 1 Nr. 2 GWB: zusätzliche Lieferungen",
    "132_2_3": "§ 132 Abs. 2 Satz 1 Nr. 3 GWB: unvorhersehbare Umstände",
    "132_2_4": "§ 132 Abs. 2 Satz 1 Nr. 4 GWB: neuer Auftragnehmer",
    "132_3": "§ 132 Abs. 3 GWB: geringfügig",
    "132_1": "§ 132 Abs. 1 GWB: nicht wesentlich",
}
HEALTH: Mapping[str, str] = {
    "not ready": "nicht bereit",
    "unreachable": "antwortet nicht",
}
SERVICE: Mapping[str, str] = {
    "members": "Mitglieder",
    "catalog": "Katalog",
    "orders": "Bestellungen",
    "supplier_gateway": "Lieferanten",
    "documentation": "Akten",
    "tender_planning": "Planung",
    "portal": "Portal",
}
TONE: Mapping[str, str] = {
    "placed": "info",
    "acknowledged": "info",
    "submitted": "warning",
    "awaiting_offers": "warning",
    "handed_over": "warning",
    "awarded": "success",
    "approved": "info",
    "sent_back": "warning",
    "discarded": "info",
    "answered": "success",
    "despatched": "success",
    "cancelled": "danger",
    "open": "info",
    "accepted": "success",
    "changed": "warning",
    "refused": "danger",
    "draft": "info",
    "proposed": "warning",
    "faded": "info",
    "confirmed": "info",
    "in_force": "success",
    "ended": "info",
}


def word(words: Mapping[str, str], code: str) -> str:
    """The German word for a code; a neutral one, noted in the log, for one not known yet."""
    known = words.get(code)
    if known is not None:
        return known
    _note(code)
    return "Einheit" if words is UNIT else UNKNOWN


@lru_cache(maxsize=1000)
def _note(code: str) -> None:
    _log.warning("word_missing", code=code)
