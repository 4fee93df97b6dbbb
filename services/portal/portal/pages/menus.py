"""Which pages a person finds in the menu: those their roles open."""

from dataclasses import dataclass

from portal.pages.views.visits import Visit


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
    (Item("/freigaben", "Freigaben"), frozenset({"approver"})),
    (Item("/vergabe", "Vergabe"), frozenset({"award_office"})),
    (Item("/auftraege", "Aufträge"), frozenset({"supplier"})),
    (Item("/akten", "Akten"), _FILES),
    (Item("/vereinbarungen", "Rahmenverträge"), _BUYING),
    (Item("/rollen", "Personen und Rollen"), frozenset({"office", "member_admin"})),
    (Item("/betrieb", "Betrieb"), frozenset({"operator"})),
)
_COOPERATIVE = (
    (Item("/planung", "Bedarf"), _PLANNING),
    (Item("/planung/vorschlaege", "Vorschläge"), _PLANNING),
    (Item("/planung/ausschreibungen", "Ausschreibungen"), _PLANNING),
    (Item("/vereinbarungen", "Rahmenverträge"), _PLANNING),
)


def menu(visit: Visit | None) -> list[Item]:
    """The menu of a visit, without one empty."""
    if visit is None:
        return []
    items = [item for item, roles in _ITEMS if visit.roles & roles]
    items += [item for item, roles in _COOPERATIVE if visit.cooperative & roles]
    return list(dict.fromkeys(items))


def current(visit: Visit | None, path: str) -> str:
    """The way in the menu under which a page lies: the longest that begins its path."""
    ways = [item.path for item in menu(visit) if f"{path}/".startswith(f"{item.path}/")]
    return max(ways, key=len, default="")
