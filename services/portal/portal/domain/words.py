"""The German words on the pages, for what services call by stable English codes."""

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "requester": "Bestellung",
    "approver": "Genehmigung",
    "award_office": "Vergabestelle",
    "procurement": "Vergabeteam",
    "office": "Geschäftsstelle",
    "auditor": "Rechnungsprüfung",
    "operator": "Betrieb",
    "supplier": "Lieferant",
}
ORDER: Mapping[str, str] = {
    "draft": "Entwurf",
    "submitted": "abgeschickt",
    "awaiting_approval": "wartet auf Genehmigung",
    "approved": "genehmigt",
    "placed": "beauftragt",
    "sent_back": "zurückgegeben",
    "rejected": "abgelehnt",
    "cancelled": "storniert",
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
ROUTE: Mapping[str, str] = {
    "direct": "Direktauftrag",
    "compare": "Angebote vergleichen",
    "request": "Angebote einholen",
    "hand_over": "Abgabe an die Vergabestelle",
    "use_agreement": "Rahmenvertrag nutzen",
    "refused": "so nicht möglich",
}
ROUTE_TONE: Mapping[str, str] = {
    "direct": "success",
    "compare": "success",
    "request": "warning",
    "hand_over": "warning",
    "use_agreement": "danger",
    "refused": "danger",
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
    "submitted": "info",
    "awaiting_approval": "warning",
    "approved": "info",
    "sent_back": "warning",
    "rejected": "danger",
    "answered": "success",
    "despatched": "success",
    "cancelled": "danger",
    "open": "info",
    "accepted": "success",
    "changed": "warning",
    "refused": "danger",
    "draft": "info",
}


def word(words: Mapping[str, str], code: str) -> str:
    """The German word for a code; the code itself for one that is not known yet."""
    return words.get(code, code)
