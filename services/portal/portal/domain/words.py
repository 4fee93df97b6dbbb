"""The German words on the pages, for what services call by stable English codes."""

from collections.abc import Mapping

from marktbund.contracts.words import ROLE_WORDS

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
UNIT: Mapping[str, str] = {
    "H87": "Stück",
    "C62": "Stück",
    "PR": "Paar",
    "SET": "Set",
    "KGM": "kg",
    "TNE": "t",
    "MTR": "m",
    "MTK": "m²",
    "LTR": "l",
    "HUR": "Stunde",
    "XPK": "Packung",
    "XBX": "Karton",
    "XCT": "Karton",
    "XBO": "Flasche",
    "XCI": "Kanister",
    "XBJ": "Eimer",
    "XSA": "Sack",
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
    """The German word for a code; the code itself for one that is not known yet."""
    return words.get(code, code)
