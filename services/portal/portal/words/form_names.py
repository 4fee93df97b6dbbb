"""What the portal's forms are called where their page is not in sight any more."""

import re
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "/mitglied": "Mitglied wechseln",
    "/benachrichtigungen": "Benachrichtigungen wählen",
    "/warenkorb": "In den Warenkorb legen",
    "/warenkorb/aenderung": "Warenkorb ändern",
    "/warenkorb/klaerung": "Nach einer Bestellung sehen",
    "/bestellungen": "Warenkorb bestellen",
    "/bestellungen/*/stornierung": "Bestellung stornieren",
    "/bestellungen/*/einreichung": "Entwurf einreichen",
    "/bestellungen/*/uebernahme": "Entwurf ändern",
    "/freitext": "Freitextbestellung",
    "/freigaben/*/entscheidung": "Über eine Freigabe entscheiden",
    "/vergabe/*/angebote": "Angebote eintragen",
    "/vergabe/*/freigabe": "Ohne Angebote freigeben",
    "/vergabe/*/ergebnis": "Ergebnis der Vergabe eintragen",
    "/auftraege/*/antwort": "Auftrag beantworten",
    "/auftraege/*/versand": "Versand melden",
    "/planung/vorschlaege/*/entscheidung": "Über einen Vorschlag entscheiden",
    "/planung/ausschreibungen/*/zuschlag": "Zuschlag eintragen",
    "/planung/ausschreibungen/*/aufhebung": "Ausschreibung aufheben",
    "/rollen/person": "Person hinzufügen",
    "/rollen/antrag": "Rolle beantragen",
    "/rollen/*/entscheidung": "Über eine Rolle entscheiden",
    "/rollen/*/entzug": "Rolle entziehen",
    "/vereinbarungen/*/bestaetigung": "Rahmenvertrag bestätigen",
    "/vereinbarungen/*/ende": "Rahmenvertrag beenden",
    "/vereinbarungen/*/aenderung/*": "Änderung eines Rahmenvertrags vorschlagen",
    "/vereinbarungen/*/aenderungen/*/genehmigung": "Änderung eines Rahmenvertrags genehmigen",
}
NOT_KEPT = frozenset({"/abmeldung", "/abmeldung/ueberall"})
"""Whose session is over need not sign in to sign out."""
_PATTERNS = [(re.compile(path.replace("*", "[^/]+")), name) for path, name in NAMES.items()]


def name_of(path: str) -> str:
    """The name of the form that is sent there; `Formular` for one that has none."""
    return next((name for pattern, name in _PATTERNS if pattern.fullmatch(path)), "Formular")
