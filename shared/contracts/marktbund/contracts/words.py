"""The German words for the codes of contracts: for pages, mails, titles and ways out."""

from collections.abc import Mapping

ROLE_WORDS: Mapping[str, str] = {
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
