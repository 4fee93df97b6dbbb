"""Roles that wait for a second person, and the people of a member, as its pages show them."""

import asyncio
from typing import Any
from uuid import UUID

from portal.clients.services import Services
from portal.domain import keys
from portal.pages.forms.colleagues import AT_MEMBER, FOUR_EYES
from portal.pages.views.visits import Visit
from portal.words.codes import ROLES

PAGE = 50
_AT_ONCE = 500


async def page_of(services: Services, visit: Visit, after: UUID | None) -> dict[str, Any]:
    """What waits, and, for an administration of the member the person acts for, its people."""
    question: dict[str, Any] = {"limit": PAGE} | ({"after": str(after)} if after else {})
    waiting, people = await asyncio.gather(
        services.ask(visit.plain_caller, "members", "/grant-requests", question),
        _people(services, visit),
    )
    last = waiting[-1]["request_id"] if len(waiting) == PAGE else None
    return {
        "waiting": [_shown(visit, each) for each in waiting],
        "next_after": last,
        "people": people,
        "roles": _roles(),
        "key": keys.key_of(visit.session.sub, people),
    }


async def to_confirm(services: Services, visit: Visit) -> list[dict[str, Any]]:
    """Every role that waits for this person as the second one, the oldest first."""
    waiting: list[dict[str, Any]] = []
    part: list[dict[str, Any]] | None = None
    while part is None or len(part) == _AT_ONCE:
        after = {"after": waiting[-1]["request_id"]} if waiting else {}
        question = {"limit": _AT_ONCE} | after
        part = await services.ask(visit.plain_caller, "members", "/grant-requests", question)
        waiting += part
    return [_shown(visit, request) for request in waiting if not request["mine"]]


async def form(services: Services, visit: Visit) -> dict[str, Any]:
    """What the form for somebody new shows; its key lasts until somebody came or went."""
    people = await _people(services, visit)
    waiting = await services.ask(
        visit.plain_caller, "members", "/grant-requests", {"limit": _AT_ONCE}
    )
    asked = [request["request_id"] for request in waiting]
    return {
        "member": visit.members[visit.member_id] if visit.member_id else "",
        "roles": _roles(),
        "four_eyes": FOUR_EYES,
        "key": keys.key_of(visit.session.sub, str(visit.member_id), people, asked, "person"),
    }


def _roles() -> list[tuple[str, str]]:
    return [(role, ROLES[role]) for role in AT_MEMBER]


async def _people(services: Services, visit: Visit) -> list[dict[str, Any]] | None:
    if visit.member_id is None or "member_admin" not in visit.roles:
        return None
    path = f"/members/{visit.member_id}/people"
    people: list[dict[str, Any]] = []
    page: list[dict[str, Any]] | None = None
    while page is None or len(page) == _AT_ONCE:
        question = {"limit": _AT_ONCE} | ({"after": people[-1]["person_id"]} if people else {})
        page = await services.ask(visit.plain_caller, "members", path, question)
        people += page
    return [
        each
        | {
            "name": _name(each["email"], each["person_id"]),
            "own": each["person_id"] == str(visit.person_id),
        }
        for each in people
    ]


def _shown(visit: Visit, request: dict[str, Any]) -> dict[str, Any]:
    asked_by_me = request["requested_by"] == str(visit.person_id)
    known = request["requested_by_email"]
    return request | {
        "role_word": ROLES.get(request["role"], "andere Rolle"),
        "where": request["member_name"] or "die Genossenschaft",
        "name": _name(request["person_email"], request["person_id"]),
        "requested_by_word": "Ihnen" if asked_by_me else known or "der Geschäftsstelle",
        "asked_by_me": asked_by_me,
        "key": keys.key_of(visit.session.sub, request["request_id"]),
    }


def _name(email: str | None, person_id: str) -> str:
    # Services keep no names. The end of the id tells two accounts without an address apart.
    return email or f"Konto ohne Adresse, Kennung endet auf {person_id[-6:]}"
