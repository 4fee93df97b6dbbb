"""The German words for the codes of contracts: for pages, mails, titles, sentences and ways out.

A table for each set of codes; no service keeps a second one of the same. Words stand in the middle
of a sentence as they stand here.
"""

from collections.abc import Collection, Mapping

Words = Mapping[str, str]
"""Code -> its German word."""

ROLE_WORDS: Words = {
    "requester": "Bestellung",
    "approver": "Genehmigung",
    "award_office": "Vergabestelle",
    "member_admin": "Mitgliedsverwaltung",
    "finance": "Kämmerei",
    "receiver": "Annahme",
    "expert": "Fachgruppe",
    "procurement": "Vergabeteam",
    "office": "Geschäftsstelle",
    "board": "Vorstand",
    "auditor": "Rechnungsprüfung",
    "operator": "Betrieb",
}
PERSON_KIND: Words = {"person": "Person", "machine": "Programm"}
PARTY: Words = {"active": "aktiv", "suspended": "gesperrt", "withdrawn": "zurückgezogen"}
"""Where members, suppliers, units, articles and corrections stand."""
LEGAL_FORM: Words = {
    "municipality": "Gemeinde",
    "district": "Kreis",
    "university": "Hochschule",
    "state_body": "Landesbehörde",
    "company": "Unternehmen",
    "other": "andere Rechtsform",
}
SIGN_IN: Words = {
    "waiting": "wird eingerichtet",
    "known": "eingerichtet",
    "elsewhere": "bei einem anderen Konto",
    "refused": "nicht angenommen",
}
CONTRACT_KIND: Words = {
    "supply": "Lieferleistung",
    "service": "Dienstleistung",
    "freelance": "freiberufliche Leistung",
    "social": "soziale Dienstleistung",
    "works": "Bauleistung",
}
PRICE_LIST: Words = {"staged": "geladen", "in_force": "gültig", "superseded": "ersetzt"}

ORDER: Words = {
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
ORDER_KIND: Words = {
    "spot": "Einzelbestellung",
    "call_off": "Abruf aus dem Rahmenvertrag",
    "award_result": "Ergebnis einer Vergabe",
}
SHARE: Words = {
    "placed": "beim Lieferanten, noch nicht abgerufen",
    "acknowledged": "vom Lieferanten abgerufen",
    "answered": "beantwortet",
    "despatched": "unterwegs",
    "cancelled": "storniert",
}
DECISION: Words = {
    "open": "noch keine Antwort",
    "accepted": "zugesagt",
    "changed": "geändert zugesagt",
    "refused": "abgelehnt",
    "cancelled": "storniert",
}
CANCEL_REASON: Words = {
    "no_longer_needed": "wird nicht mehr gebraucht",
    "ordered_by_mistake": "irrtümlich bestellt",
    "delivery_too_late": "Lieferung zu spät",
    "other": "anderer Grund",
}
DOCUMENT: Words = {"answer": "Die Antwort", "despatch": "Die Versandmeldung"}
DISREGARDED: Words = {
    "order_cancelled": "Der Auftrag war schon storniert.",
    "day_out_of_bounds": "Der genannte Tag kann nicht stimmen.",
    "quantity_not_whole": "Diese Ware gibt es nur in ganzen Einheiten.",
}
NOTICE: Words = {
    "approval_waiting": "Genehmigung steht an",
    "order_approved": "Bestellung genehmigt",
    "order_refused": "Bestellung abgelehnt",
    "order_sent_back": "Bestellung zurückgegeben",
    "supplier_changed": "Lieferant hat geändert",
    "supplier_refused": "Lieferant hat abgelehnt",
    "supplier_late": "Lieferung verspätet sich",
}
NEED: Words = {"open": "offen", "closed": "abgeschlossen"}
NEED_KIND: Words = {
    "one_off": "einmaliger Bedarf",
    "recurring": "wiederkehrender Bedarf",
    "open_ended": "Leistung ohne Ende",
}
APPROVED_BY: Words = {"not_required": "keine Genehmigung nötig", "approver": "genehmigt"}

WAY: Words = {
    "direct": "Direktauftrag",
    "compare": "Preisvergleich",
    "request": "Angebotseinholung",
    "hand_over": "Abgabe an die Vergabestelle",
    "use_agreement": "Rahmenvertrag nutzen",
    "refused": "so nicht möglich",
}
REFUSAL: Words = {
    "use_agreement": "Rahmenvertrag nutzen",
    "reason_missing": "Grund neben dem Rahmenvertrag fehlt",
    "comparison_insufficient": "zu wenige vergleichbare Angebote",
}
WAY_OUT: Words = {
    "use_agreement": "Bitte rufen Sie aus dem Rahmenvertrag ab.",
    "reason_missing": "Rufen Sie aus dem Rahmenvertrag ab, oder geben Sie einen Grund an.",
    "comparison_insufficient": "Wenden Sie sich an Ihre Vergabestelle; sie kann freigeben.",
}
"""Sentences for the codes of REFUSAL: what to do now."""
SOURCE: Words = {
    "statute": "Gesetz oder Erlass",
    "bylaw": "Satzung",
    "instruction": "Dienstanweisung",
    "grant": "Zuwendungsbescheid",
}
OFFER: Words = {
    "catalog": "Preis im Marktplatz",
    "external": "mitgebrachtes Angebot",
    "asked": "angefragt",
    "received": "Angebot eingegangen",
}
VERDICT: Words = {"approve": "genehmigt", "refuse": "abgelehnt", "send_back": "zurückgegeben"}
OCCASION: Words = {
    "approval": "Bei der Genehmigung",
    "offers": "Beim Eintragen der Angebote",
    "release": "Bei der Freigabe durch die Vergabestelle",
}
RELEASE: Words = {
    "fixed_price": "Preisbindung",
    "single_supplier": "nur ein Anbieter",
    "urgency": "Dringlichkeit",
    "no_comparable_offer": "kein vergleichbares Angebot",
    "other": "anderer Grund",
}
PROCEDURE: Words = {
    "open": "öffentliche Ausschreibung, offenes Verfahren",
    "restricted": "beschränkte Ausschreibung, nicht offenes Verfahren",
    "negotiated": "Verhandlungsvergabe, Verhandlungsverfahren",
    "direct_urgent": "Vergabe bei Dringlichkeit",
    "other": "anderes Verfahren",
}
METHOD: Words = {
    "sum_of_lines": "Summe der Positionen samt Nebenkosten",
    "stated": "eigene Schätzung des ganzen Bedarfs",
    "twelve_months": "Wert von zwölf Monaten",
    "forty_eight_months": "48-facher Monatswert",
}

AGREEMENT: Words = {
    "draft": "zu bestätigen",
    "confirmed": "bestätigt",
    "in_force": "in Kraft",
    "ended": "beendet",
}
AGREEMENT_END: Words = {
    "term_over": "Laufzeit zu Ende",
    "terminated": "vorzeitig beendet",
    "discarded": "Entwurf verworfen",
}
BINDING: Words = {
    "exclusive": "ausschließlich: Artikel nur noch aus diesem Vertrag",
    "open": "offen: daneben bestellen mit Begründung",
}
AGREEMENT_CHANGE: Words = {
    "entitlement": "Mitglied eintragen oder beenden",
    "price": "Preis ändern",
    "ceiling": "Höchstwert oder Höchstmenge ändern",
    "term": "Laufzeit ändern",
    "successor": "Nachfolgeartikel",
}
CALL_OFF_PROCEDURE: Words = {"direct": "direkter Abruf", "mini_competition": "Kleinwettbewerb"}
RAISE_GROUND: Words = {
    "132_2_1": "§ 132 Abs. 2 Satz 1 Nr. 1 GWB: vereinbarte Überprüfungsklausel oder Option",
    "132_2_2": "§ 132 Abs. 2 Satz 1 Nr. 2 GWB: zusätzliche Lieferungen",
    "132_2_3": "§ 132 Abs. 2 Satz 1 Nr. 3 GWB: unvorhersehbare Umstände",
    "132_2_4": "§ 132 Abs. 2 Satz 1 Nr. 4 GWB: neuer Auftragnehmer",
    "132_3": "§ 132 Abs. 3 GWB: geringfügig",
    "132_1": "§ 132 Abs. 1 GWB: nicht wesentlich",
}

PROPOSAL: Words = {
    "proposed": "zu entscheiden",
    "accepted": "angenommen",
    "rejected": "abgelehnt",
    "faded": "ohne Bedarf",
}
CRITERION: Words = {
    "members": "Mitglieder",
    "regularity": "Regelmäßigkeit",
    "value": "Wert",
    "suppliers": "Lieferanten",
    "price_spread": "Preisspanne",
}
CAUTION: Words = {
    "one_buyer": "ein einziger Käufer",
    "crisis": "einzelner Anlass",
    "falling": "Bedarf sinkt",
    "single_supplier": "ein einziger Lieferant",
    "scattered": "zersplitterte Klasse",
}
TENDER: Words = {
    "open": "wartet auf Ergebnis",
    "awarded": "Zuschlag erteilt",
    "cancelled": "aufgehoben",
}

SENT_DOCUMENT: Words = {"order": "Bestellung", "cancellation": "Stornierung"}
DELIVERY: Words = {
    "waiting": "liegt bereit",
    "failing": "noch nicht angekommen",
    "abandoned": "nur noch zum Abruf",
    "acknowledged": "abgerufen",
}
ACKNOWLEDGED_BY: Words = {"pull": "Abruf", "webhook": "Zustellung"}
CALL: Words = {
    "delivered": "zugestellt",
    "timeout": "keine Antwort in der Zeit",
    "unreachable": "nicht erreichbar",
    "server_error": "Fehler beim Empfänger",
    "throttled": "Empfänger bittet zu warten",
    "rejected": "nicht angenommen",
    "gone": "Adresse aufgegeben",
    "target_refused": "Adresse nicht erlaubt",
    "supplier_unreachable": "Lieferant nicht erreichbar",
    "channel_disabled": "Kanal abgeschaltet",
}
"""How a call to a supplier ended, and why a document has not reached it."""
CHANNEL: Words = {"active": "aktiv", "disabled": "abgeschaltet"}
CHANNEL_CHANGE: Words = {
    "registered": "eingerichtet",
    "secret_rotated": "Schlüssel erneuert",
    "disabled": "abgeschaltet",
    "removed": "entfernt",
}
BREAKER: Words = {
    "closed": "ruft an",
    "open": "wartet mit Anrufen",
    "half_open": "versucht einen Anruf",
}
SEAL: Words = {"unchanged": "unverändert", "altered": "verändert", "pending": "noch nicht geprüft"}
SIGNING: Words = {"signing": "unterschreibt", "waiting": "wartet", "refused": "angehalten"}
CURRENCY: Words = {"EUR": "Euro"}
AWARD_FORM: Words = {"marktbund-vergabeantrag-1": "Vergabeantrag"}
UNIT: Words = {
    "H87": "Stück",
    "C62": "Stück",
    "EA": "Stück",
    "PCE": "Stück",
    "NAR": "Stück",
    "PR": "Paar",
    "NPR": "Paar",
    "SET": "Set",
    "DZN": "Dutzend",
    "CEN": "100 Stück",
    "MIL": "1.000 Stück",
    "RM": "Ries",
    "ZP": "Seite",
    "ST": "Blatt",
    "MGM": "mg",
    "GRM": "g",
    "KGM": "kg",
    "DTN": "dt",
    "TNE": "t",
    "LBR": "Pfund",
    "MMT": "mm",
    "CMT": "cm",
    "DMT": "dm",
    "MTR": "m",
    "LM": "laufender Meter",
    "KMT": "km",
    "CMK": "cm²",
    "DMK": "dm²",
    "MTK": "m²",
    "ARE": "Ar",
    "HAR": "ha",
    "MLT": "ml",
    "CLT": "cl",
    "DLT": "dl",
    "LTR": "l",
    "HLT": "hl",
    "CMQ": "cm³",
    "DMQ": "dm³",
    "MTQ": "m³",
    "SEC": "Sekunde",
    "MIN": "Minute",
    "HUR": "Stunde",
    "DAY": "Tag",
    "WEE": "Woche",
    "MON": "Monat",
    "ANN": "Jahr",
    "WHR": "Wh",
    "KWH": "kWh",
    "MWH": "MWh",
    "GWH": "GWh",
    "KWT": "kW",
    "JOU": "J",
    "GJ": "GJ",
    "E48": "Leistung",
    "LS": "pauschal",
    "P1": "%",
    "XPK": "Packung",
    "PK": "Packung",
    "XPA": "Päckchen",
    "XBX": "Karton",
    "XCT": "Karton",
    "XCS": "Kiste",
    "XCR": "Kasten",
    "XBO": "Flasche",
    "XCI": "Kanister",
    "XCA": "Dose",
    "XTN": "Dose",
    "XTU": "Tube",
    "XBJ": "Eimer",
    "XSA": "Sack",
    "XBG": "Beutel",
    "XRO": "Rolle",
    "XPX": "Palette",
    "XDR": "Fass",
    "XBE": "Bund",
}
"""Order units (UN/ECE Recommendations 20 and 21), as price lists name them; one of it."""

CATALOGUE: tuple[Words, ...] = (
    *(ROLE_WORDS, PERSON_KIND, PARTY, LEGAL_FORM, SIGN_IN, CONTRACT_KIND, PRICE_LIST),
    *(ORDER, ORDER_KIND, SHARE, DECISION, CANCEL_REASON, DOCUMENT, DISREGARDED, NOTICE),
    *(NEED, NEED_KIND, APPROVED_BY, WAY, REFUSAL, SOURCE, OFFER, VERDICT, OCCASION, RELEASE),
    *(PROCEDURE, METHOD, AGREEMENT, AGREEMENT_END, AGREEMENT_CHANGE, BINDING),
    *(CALL_OFF_PROCEDURE, RAISE_GROUND),
    *(PROPOSAL, CRITERION, CAUTION, TENDER, SENT_DOCUMENT, DELIVERY, ACKNOWLEDGED_BY, CALL),
    *(CHANNEL, CHANNEL_CHANGE, BREAKER, SEAL, SIGNING, CURRENCY, AWARD_FORM, UNIT),
)


def words_of(codes: Collection[str]) -> Words | None:
    """The smallest table that has a word for each of these codes; None where there is none."""
    known = [table for table in CATALOGUE if set(codes) <= set(table)]
    return min(known, key=len, default=None)
