"""The work lists of the start page; a list that cannot be asked now is left out, not the page."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from marktbund.contracts.http import Answer
from marktbund.contracts.http.orders import OrderStatus
from portal.clients import agreements, orders, supplier_gateway, tender_planning
from portal.clients.services import Refused, Services, Unavailable
from portal.pages.views import granting
from portal.pages.views.deciding import AT_THE_OFFICE
from portal.pages.views.granting import WaitingGrant
from portal.pages.views.visits import Visit
from portal.words.codes import HEALTH, SERVICE, word

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A service that is not ready, by name, and what is the matter."""

    name: str
    trouble: str


Item = Answer | WaitingGrant | Disturbance
"""What lies in a list; its `kind` says what it is."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """A list: what lies in it, where all of it is, what to say when it is empty.

    count: how much waits in all, where that is known. base: where a list of orders leads.
    """

    kind: str
    title: str
    more: str
    empty: str
    items: Sequence[Item] = ()
    reachable: bool = True
    count: int = 0
    base: str = "/bestellungen"


async def work_lists(services: Services, visit: Visit) -> list[WorkList]:
    """What waits, for every role the person has here."""
    wanted = [make for role, make in _LISTS if role in visit.roles]
    unique = list(dict.fromkeys(wanted))
    return list(await asyncio.gather(*(make(services, visit) for make in unique)))


Make = Callable[[Services, Visit], Awaitable[WorkList]]
Asked = Callable[[Services, Visit], Awaitable[Sequence[Item]]]


def _listed(empty: WorkList, asked: Asked) -> Make:
    """A list as a door answers."""

    async def make(services: Services, visit: Visit) -> WorkList:
        try:
            items = await asked(services, visit)
        except (Refused, Unavailable):
            return replace(empty, reachable=False)
        return replace(empty, items=items)

    return make


async def _approvals(services: Services, visit: Visit) -> WorkList:
    empty = WorkList("approvals", "Zur Freigabe", "/freigaben", "Nichts wartet auf Genehmigung.")
    try:
        waiting, counts = await asyncio.gather(
            orders.approvals(services, visit.caller, _SHOWN), orders.waiting(services, visit.caller)
        )
    except (Refused, Unavailable):
        return replace(empty, reachable=False)
    return replace(empty, items=waiting, count=counts.submitted)


async def _in_status(
    empty: WorkList, services: Services, visit: Visit, status: tuple[OrderStatus, ...]
) -> WorkList:
    """Orders of the member in one of these, and how many there are."""
    try:
        waiting, counts = await asyncio.gather(
            orders.orders(services, visit.caller, _SHOWN, status=status),
            orders.waiting(services, visit.caller),
        )
    except (Refused, Unavailable):
        return replace(empty, reachable=False)
    return replace(empty, items=waiting, count=counts.of(status))


async def _awards(services: Services, visit: Visit) -> WorkList:
    nothing = "Nichts wartet auf die Vergabestelle."
    empty = WorkList("orders", "Für die Vergabestelle", "/vergabe", nothing, base="/vergabe")
    return await _in_status(empty, services, visit, AT_THE_OFFICE)


async def _drafts(services: Services, visit: Visit) -> WorkList:
    empty = WorkList(
        "orders", "Zurückgegeben oder Entwurf", "/bestellungen", "Nichts wurde zurückgegeben."
    )
    return await _in_status(empty, services, visit, ("draft",))


_orders = _listed(
    WorkList("orders", "Letzte Bestellungen", "/bestellungen", "Hier wurde noch nichts bestellt."),
    lambda services, visit: orders.orders(services, visit.caller, _SHOWN),
)
_incoming = _listed(
    WorkList("incoming", "Aufträge ohne Antwort", "/auftraege", "Alle Aufträge sind beantwortet."),
    lambda services, visit: supplier_gateway.supplier_orders(
        services, visit.plain_caller, _SHOWN, open_=True
    ),
)
_proposals = _listed(
    WorkList(
        "proposals",
        "Vorschläge zu entscheiden",
        "/planung/vorschlaege",
        "Über alle Vorschläge ist entschieden.",
    ),
    lambda services, visit: tender_planning.proposals(
        services, visit.plain_caller, "proposed", _SHOWN
    ),
)
_tenders = _listed(
    WorkList(
        "tenders",
        "Ausschreibungen ohne Ergebnis",
        "/planung/ausschreibungen",
        "Keine Ausschreibung wartet auf ihr Ergebnis.",
    ),
    lambda services, visit: tender_planning.tenders(services, visit.plain_caller, "open", _SHOWN),
)
_agreements = _listed(
    WorkList(
        "agreements",
        "Rahmenverträge zu bestätigen oder zu ändern",
        "/vereinbarungen",
        "Kein Rahmenvertrag wartet auf eine Entscheidung.",
    ),
    lambda services, visit: agreements.undecided(services, visit.plain_caller, _SHOWN),
)


async def _roles(services: Services, visit: Visit) -> WorkList:
    """Roles that wait for this person's yes; what they asked for themselves waits for others."""
    empty = WorkList("roles", "Rollen zu bestätigen", "/rollen", "Kein Antrag wartet auf Sie.")
    try:
        waiting = await granting.to_confirm(services, visit)
    except (Refused, Unavailable):
        return replace(empty, reachable=False)
    return replace(empty, items=waiting[:_SHOWN], count=len(waiting))


async def _health(services: Services, _: Visit) -> WorkList:
    names = services.names()
    answers = await asyncio.gather(*(services.ready(name) for name in names))
    troubled = [
        Disturbance(word(SERVICE, name), word(HEALTH, readiness.status))
        for name, readiness in zip(names, answers, strict=True)
        if readiness.status != "ready"
    ]
    return WorkList("health", "Störungen", "/betrieb", "Alle Dienste sind bereit.", troubled)


_LISTS: tuple[tuple[str, Make], ...] = (
    ("approver", _approvals),
    ("award_office", _awards),
    ("requester", _drafts),
    ("requester", _orders),
    ("approver", _orders),
    ("award_office", _orders),
    ("auditor", _orders),
    ("supplier", _incoming),
    ("procurement", _proposals),
    ("procurement", _tenders),
    ("office", _roles),
    ("member_admin", _roles),
    ("office", _agreements),
    ("operator", _health),
)
