"""The work lists of the start page; one that cannot be asked now is left out, not the page."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from portal.clients.services import Refused, Services, Unavailable
from portal.pages.views import granting
from portal.pages.views.deciding import AT_THE_OFFICE
from portal.pages.views.visits import Visit
from portal.words.codes import HEALTH, SERVICE, word

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list: what lies in it, where all of it is, what to say when it is empty.

    count: how much waits in all, where that is known. base: where a list of orders leads.
    """

    kind: str
    title: str
    more: str
    empty: str
    items: list[Any] = field(default_factory=list)
    reachable: bool = True
    count: int = 0
    base: str = "/bestellungen"


async def work_lists(services: Services, visit: Visit) -> list[WorkList]:
    """What waits, for every role the person has here."""
    wanted = [make for role, make in _LISTS if role in visit.roles]
    unique = list(dict.fromkeys(wanted))
    return list(await asyncio.gather(*(make(services, visit) for make in unique)))


Make = Callable[[Services, Visit], Awaitable[WorkList]]


def _listed(
    empty: WorkList, service: str, path: str, question: dict[str, Any], *, of_member: bool = False
) -> Make:
    """A list as a door answers; of_member: asked for the member the person acts for."""

    async def make(services: Services, visit: Visit) -> WorkList:
        caller = visit.caller if of_member else visit.plain_caller
        try:
            found = await services.ask(caller, service, path, {**question, "limit": _SHOWN})
        except (Refused, Unavailable):
            return replace(empty, reachable=False)
        return replace(empty, items=list(found))

    return make


async def _waiting(
    empty: WorkList, services: Services, visit: Visit, path: str, question: dict[str, Any]
) -> WorkList:
    """Orders that wait, counted over the states asked for; without `status` those to approve."""
    try:
        found, counts = await asyncio.gather(
            services.ask(visit.caller, "orders", path, {"limit": _SHOWN, **question}),
            services.ask(visit.caller, "orders", "/waiting"),
        )
    except (Refused, Unavailable):
        return replace(empty, reachable=False)
    states = question.get("status", ("submitted",))
    return replace(empty, items=list(found), count=sum(counts[state] for state in states))


async def _approvals(services: Services, visit: Visit) -> WorkList:
    empty = WorkList("approvals", "Zur Freigabe", "/freigaben", "Nichts wartet auf Genehmigung.")
    return await _waiting(empty, services, visit, "/approvals", {})


async def _awards(services: Services, visit: Visit) -> WorkList:
    nothing = "Nichts wartet auf die Vergabestelle."
    empty = WorkList("orders", "Für die Vergabestelle", "/vergabe", nothing, base="/vergabe")
    return await _waiting(empty, services, visit, "/orders", {"status": AT_THE_OFFICE})


async def _drafts(services: Services, visit: Visit) -> WorkList:
    empty = WorkList(
        "orders", "Zurückgegeben oder Entwurf", "/bestellungen", "Nichts wurde zurückgegeben."
    )
    return await _waiting(empty, services, visit, "/orders", {"status": ("draft",)})


_orders = _listed(
    WorkList("orders", "Letzte Bestellungen", "/bestellungen", "Hier wurde noch nichts bestellt."),
    "orders",
    "/orders",
    {},
    of_member=True,
)
_incoming = _listed(
    WorkList("incoming", "Aufträge ohne Antwort", "/auftraege", "Alle Aufträge sind beantwortet."),
    "supplier_gateway",
    "/supplier-orders",
    {"open": "true"},
)
_proposals = _listed(
    WorkList(
        "proposals",
        "Vorschläge zu entscheiden",
        "/planung/vorschlaege",
        "Über alle Vorschläge ist entschieden.",
    ),
    "tender_planning",
    "/proposals",
    {"status": "proposed"},
)
_tenders = _listed(
    WorkList(
        "tenders",
        "Ausschreibungen ohne Ergebnis",
        "/planung/ausschreibungen",
        "Keine Ausschreibung wartet auf ihr Ergebnis.",
    ),
    "tender_planning",
    "/tenders",
    {"status": "open"},
)
_agreements = _listed(
    WorkList(
        "agreements",
        "Rahmenverträge zu bestätigen oder zu ändern",
        "/vereinbarungen",
        "Kein Rahmenvertrag wartet auf eine Entscheidung.",
    ),
    "orders",
    "/agreements",
    {"undecided": "true"},
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
    said = await asyncio.gather(*(services.ready(name) for name in names))
    troubled = [
        {"name": word(SERVICE, name), "said": word(HEALTH, each.get("status", ""))}
        for name, each in zip(names, said, strict=True)
        if each.get("status") != "ready"
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
