"""Which pages a person finds in the menu: those their roles open."""

from dataclasses import dataclass

from portal.views.visits import Visit


@dataclass(frozen=True, slots=True)
class Item:
    """One way in the menu."""

    path: str
    label: str


_BUYING = frozenset({"requester", "approver", "award_office", "auditor"})
_FILES = frozenset({"award_office", "auditor"})
_PLANNING = frozenset({"procurement", "office", "auditor"})

_ITEMS = (
    (Item("/suche", "Marktplatz"), _BUYING | {"procurement", "office"}),
    (Item("/warenkorb", "Warenkorb"), frozenset({"requester"})),
    (Item("/freitext", "Freitext"), frozenset({"requester"})),
    (Item("/bestellungen", "Bestellungen"), _BUYING),
    (Item("/auftraege", "Aufträge"), frozenset({"supplier"})),
    (Item("/akten", "Akten"), _FILES),
    (Item("/planung", "Bedarf"), _PLANNING),
    (Item("/betrieb", "Betrieb"), frozenset({"operator"})),
)


def menu(visit: Visit | None) -> list[Item]:
    """The menu of a visit, without one empty."""
    if visit is None:
        return []
    return [item for item, roles in _ITEMS if visit.roles & roles]
