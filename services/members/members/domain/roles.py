"""Roles given, asked for and taken: what becomes of an account, decided from what was gathered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant, Mandate
from marktbund.errors import Invalid, NotFound
from members.domain.granting import Granter, at_once, check_levels, needs_confirmation
from members.domain.people import Person
from members.domain.requests import GrantRequest, request_unknown

REPLACED = "Durch eine neue Festlegung der Rollen ersetzt."
"""Why a role that waited is refused when an account's roles are laid down without it."""

NewId = Callable[[], UUID]
Changed = tuple[Person, list[Message]]


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What roles are given on: who gives them, and which of the members named there are."""

    granter: Granter
    member_ids: frozenset[UUID] = frozenset()

    def beside(self, person: Person) -> Self:
        """The same, with the members at which the account holds a role already."""
        held = {grant.member_id for grant in person.grants if grant.member_id is not None}
        return replace(self, member_ids=self.member_ids | held)


def replace_roles(
    person: Person,
    grants: Sequence[Grant],
    mandates: Sequence[Mandate],
    facts: RoleFacts,
    new_id: NewId,
) -> Changed:
    """Replace an account's roles and mandates: what needs a second person is asked for, what waits
    and is not wanted any more is refused. Raises what Granter.require, Person.grant and `ask` do.
    """
    by = facts.granter
    by.require(person.person_id, person.belongs_to, grants)
    held = at_once(grants, person.grants)
    changed, events = person, list[Message]()
    if (held, tuple(mandates)) != (person.grants, person.mandates):
        changed, events = person.grant(held, mandates, by.person_id)
    unwanted = [request for request in person.waiting if request.grant not in grants]
    changed, refused = refuse_all(changed, unwanted, by, REPLACED)
    changed, asked = ask(changed, grants, facts.beside(person), new_id)
    return changed, [*events, *refused, *asked]


def give_role(person: Person, grant: Grant, facts: RoleFacts, new_id: NewId) -> Changed:
    """Give one role more, or ask for it where it needs a second person."""
    facts.granter.require(person.person_id, person.belongs_to, [grant])
    wanted = tuple(dict.fromkeys((*person.grants, grant)))
    held = at_once(wanted, person.grants)
    changed, events = person, list[Message]()
    if held != person.grants:
        changed, events = person.grant(held, person.mandates, facts.granter.person_id)
    changed, asked = ask(changed, wanted, facts.beside(person), new_id)
    return changed, [*events, *asked]


def take_role(person: Person, grant: Grant, by: Granter) -> Changed:
    """Take one role away at once; one that is not held is none to take."""
    by.require(person.person_id, person.belongs_to, [grant])
    if grant not in person.grants:
        return person, []
    held = [known for known in person.grants if known != grant]
    return person.grant(held, person.mandates, by.person_id)


def confirm(person: Person, request_id: UUID, by: Granter, comment: str) -> Changed:
    """Give a role that somebody else asked for. Raises what GrantRequest.confirm does, and
    Conflict (`person_inactive`).
    """
    confirmed = _requested(person, request_id).confirm(by, comment)
    return person.take_confirmed(confirmed, by.person_id)


def refuse(person: Person, request_id: UUID, by: Granter, comment: str) -> Changed:
    """Do not give a role that was asked for. Raises what GrantRequest.refuse does."""
    refused = _requested(person, request_id).refuse(by, comment)
    return person.drop_refused(refused, by.person_id)


def refuse_all(
    person: Person, requests: Sequence[GrantRequest], by: Granter, comment: str
) -> Changed:
    """Refuse some of what waits for an account, for one reason."""
    events: list[Message] = []
    for request in requests:
        person, news = person.drop_refused(request.refuse(by, comment), by.person_id)
        events += news
    return person, events


def reconfirm(person: Person, facts: RoleFacts, new_id: NewId) -> Changed:
    """Let roles that need a second person wait for one again. Raises Forbidden (`own_roles`)."""
    alone = [grant for grant in person.grants if not needs_confirmation(grant)]
    if len(alone) == len(person.grants):
        return person, []
    facts.granter.require(person.person_id, person.belongs_to, person.grants)
    changed, events = person.grant(alone, person.mandates, facts.granter.person_id)
    changed, asked = ask(changed, person.grants, facts.beside(person), new_id)
    return changed, [*events, *asked]


def ask(person: Person, wanted: Sequence[Grant], facts: RoleFacts, new_id: NewId) -> Changed:
    """Ask for what is wanted, needs a second person, is not held and does not wait.

    Raises Conflict (`person_inactive`), Invalid (`role_level_wrong`, `address_needed`), NotFound
    (`member_unknown`).
    """
    person.require_active()
    check_levels(wanted)
    require_members(wanted, facts.member_ids)
    known = {*person.grants, *(request.grant for request in person.waiting)}
    missing = [grant for grant in dict.fromkeys(wanted) if grant not in known]
    missing = [grant for grant in missing if needs_confirmation(grant)]
    require_address(person, missing)
    events: list[Message] = []
    for grant in missing:
        request = GrantRequest(new_id(), person.person_id, grant, facts.granter.person_id)
        person, news = person.ask(request)
        events += news
    return person, events


def require_members(grants: Sequence[Grant], member_ids: frozenset[UUID]) -> None:
    """Raises NotFound (`member_unknown`) naming the grant at a member that there is not."""
    for position, grant in enumerate(grants):
        if grant.member_id is not None and grant.member_id not in member_ids:
            field = f"grants[{position}].member_id"
            raise NotFound("member_unknown", "Dieses Mitglied gibt es nicht", field=field)


def require_address(person: Person, wanted: Sequence[Grant]) -> None:
    """Raises Invalid (`address_needed`): one address is one person, so that nobody confirms
    to themselves from an account beside their own. Machines have none.
    """
    needed = person.kind == "person" and any(map(needs_confirmation, wanted))
    if needed and person.email is None:
        raise Invalid(
            "address_needed",
            "Diese Rolle braucht eine E-Mail-Adresse",
            "Sie zeigt, dass hinter dem Konto keine schon bekannte Person steht.",
            field="email",
            way_out="Hinterlegen Sie die Adresse der Person.",
        )


def _requested(person: Person, request_id: UUID) -> GrantRequest:
    for request in person.requests:
        if request.request_id == request_id:
            return request
    raise request_unknown()
