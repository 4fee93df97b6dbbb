"""What people can be told by mail, in the words of the page where they choose."""

from collections.abc import Collection, Mapping

NOTICES: Mapping[str, str] = {
    "approval_waiting": "Eine Bestellung wartet auf meine Freigabe",
    "order_approved": "Meine Bestellung ist freigegeben",
    "order_refused": "Meine Bestellung ist abgelehnt",
    "order_sent_back": "Meine Bestellung kam zur Überarbeitung zurück",
    "supplier_changed": "Ein Lieferant hat meine Bestellung geändert bestätigt",
    "supplier_refused": "Ein Lieferant hat Zeilen meiner Bestellung abgelehnt",
    "supplier_late": "Eine Lieferung zu meiner Bestellung verspätet sich",
}
"""Kind of a notice -> what it says; every kind that orders announces."""


def unwanted(ticked: Collection[str]) -> list[str]:
    """The kinds that were not ticked."""
    return [kind for kind in NOTICES if kind not in ticked]
