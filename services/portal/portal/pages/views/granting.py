"""Roles that wait for a second person, and the people of a member, as its pages show them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marktbund.contracts.http.members import RequestAnswer, RoleHolderAnswer
from portal.clients import members
from portal.clients.services import Services
from portal.domain import keys
from portal.pages.forms.colleagues import AT_MEMBER, FOUR_EYES
from portal.pages.views.visits import Visit
from portal.words.codes import ROLES, word

PAGE = 50
_AT_ONCE = 500
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WaitingGrant:
    """A role that waits, in words. mine: another person must confirm it."""

    request_id: UUID
    role_word: str
    where: str
    name: str
    requested_at: datetime
    requested_by_word: str
    asked_by_me: bool
    mine: bool
    key: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account with roles at the member. own: the viewer's."""

    person_id: UUID
    name: str
    roles: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class GrantingPage:
    """What waits, and the member's people, for its administration; None for anybody else."""

    waiting: tuple[WaitingGrant, ...]
    next_after: UUID | None
    people: tuple[Colleague, ...] | None
    roles: Choices
    key: str


@dataclass(frozen=True, slots=True)
class ColleagueForm:
    """The form for somebody new; its key lasts until somebody came or went."""

    member: str
    roles: Choices
    four_eyes: frozenset[str]
    key: str


async def page_of(services: Services, visit: Visit, after: UUID | None) -> GrantingPage:
    """What waits, and, for an administration of the member the person acts for, its people."""
    waiting, people = await asyncio.gather(
        members.requests(services, visit.plain_caller, PAGE, after), _people(services, visit)
    )
    shown = None if people is None else tuple(_colleague(visit, holder) for holder in people)
    return GrantingPage(
        waiting=tuple(_shown(visit, request) for request in waiting),
        next_after=waiting[-1].request_id if len(waiting) == PAGE else None,
        people=shown,
        roles=_roles(),
        key=keys.key_of(visit.session.sub, _state(people)),
    )


async def to_confirm(services: Services, visit: Visit) -> list[WaitingGrant]:
    """Every role that waits for this person as the second one, the oldest first."""
    waiting: list[RequestAnswer] = []
    part: list[RequestAnswer] | None = None
    while part is None or len(part) == _AT_ONCE:
        after = waiting[-1].request_id if waiting else None
        part = await members.requests(services, visit.plain_caller, _AT_ONCE, after)
        waiting += part
    return [_shown(visit, request) for request in waiting if not request.mine]


async def form(services: Services, visit: Visit) -> ColleagueForm:
    """What the form for somebody new shows."""
    people = await _people(services, visit)
    waiting = await members.requests(services, visit.plain_caller, _AT_ONCE)
    asked = [str(request.request_id) for request in waiting]
    state = (str(visit.member_id), _state(people), asked, "person")
    return ColleagueForm(
        member=visit.members[visit.member_id] if visit.member_id else "",
        roles=_roles(),
        four_eyes=FOUR_EYES,
        key=keys.key_of(visit.session.sub, *state),
    )


def _roles() -> Choices:
    return [(role, word(ROLES, role)) for role in AT_MEMBER]


def _state(people: list[RoleHolderAnswer] | None) -> list[str] | None:
    return None if people is None else [holder.model_dump_json() for holder in people]


async def _people(services: Services, visit: Visit) -> list[RoleHolderAnswer] | None:
    if visit.member_id is None or "member_admin" not in visit.roles:
        return None
    people: list[RoleHolderAnswer] = []
    part: list[RoleHolderAnswer] | None = None
    while part is None or len(part) == _AT_ONCE:
        after = people[-1].person_id if people else None
        part = await members.people(services, visit.plain_caller, visit.member_id, _AT_ONCE, after)
        people += part
    return people


def _colleague(visit: Visit, holder: RoleHolderAnswer) -> Colleague:
    name = _name(holder.email, holder.person_id)
    return Colleague(holder.person_id, name, holder.roles, holder.person_id == visit.person_id)


def _shown(visit: Visit, request: RequestAnswer) -> WaitingGrant:
    asked_by_me = request.requested_by == visit.person_id
    asked_by = request.requested_by_email or "der Geschäftsstelle"
    return WaitingGrant(
        request_id=request.request_id,
        role_word=word(ROLES, request.role),
        where=request.member_name or "die Genossenschaft",
        name=_name(request.person_email, request.person_id),
        requested_at=request.requested_at,
        requested_by_word="Ihnen" if asked_by_me else asked_by,
        asked_by_me=asked_by_me,
        mine=request.mine,
        key=keys.key_of(visit.session.sub, str(request.request_id)),
    )


def _name(email: str | None, person_id: UUID) -> str:
    # Services keep no names. The end of the id tells two accounts without an address apart.
    return email or f"Konto ohne Adresse, Kennung endet auf {str(person_id)[-6:]}"
