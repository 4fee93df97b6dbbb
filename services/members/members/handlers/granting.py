"""Roles are given and taken: by one person where that does no harm, by two where it might."""

from collections.abc import Sequence
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.members import Grant
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members import store
from members.commands import AskForRole, DecideRequest, GrantRoles, RevokeRole
from members.domain import Person
from members.domain.granting import (
    GrantRequest,
    at_once,
    needs_confirmation,
    require_address,
)
from members.domain.people import check_levels
from members.domain.sign_ins import demands_second_factor
from members.store import granting, mails, sign_ins

_REPLACED = "Durch eine neue Festlegung der Rollen ersetzt."
_LEFT = "Das Konto wurde geschlossen."


async def grant_roles(person_id: UUID, command: GrantRoles, by: UUID, uow: UnitOfWork) -> Person:
    """Replace an account's roles and mandates; what needs a second person is asked for, what waits
    and is not wanted any more is refused. Raises what Granter.require and Person.grant do.
    """
    granter = await granting.load_granter(uow, by)
    person = await store.load_person(uow, person_id)
    granter.require(person, command.grants)
    held = at_once(command.grants, person.grants)
    changed, events = person, list[Message]()
    mandates = command.plain_mandates
    if (held, mandates) != (person.grants, person.mandates):
        changed, events = person.grant(held, mandates, by)
    for request in await granting.waiting(uow, person_id):
        if request.grant not in command.grants:
            ended, changed, news = request.refuse(changed, granter, _REPLACED)
            await granting.decide(uow, ended, by, _REPLACED)
            events += news
    return await _asked(person, changed, command.grants, events, by, uow)


async def ask_for_role(command: AskForRole, by: UUID, uow: UnitOfWork) -> Person:
    """Give one role more, or ask for it where it needs a second person."""
    granter = await granting.load_granter(uow, by)
    person = await store.load_person(uow, command.person_id)
    grant = Grant(role=command.role, member_id=command.member_id)
    granter.require(person, [grant])
    wanted = tuple(dict.fromkeys((*person.grants, grant)))
    held = at_once(wanted, person.grants)
    changed, events = person, list[Message]()
    if held != person.grants:
        changed, events = person.grant(held, person.mandates, by)
    return await _asked(person, changed, wanted, events, by, uow)


async def revoke_role(person_id: UUID, command: RevokeRole, by: UUID, uow: UnitOfWork) -> Person:
    """Take one role away at once; one that is not held is none to take."""
    granter = await granting.load_granter(uow, by)
    person = await store.load_person(uow, person_id)
    revoked = Grant(role=command.role, member_id=command.member_id)
    granter.require(person, [revoked])
    if revoked not in person.grants:
        return person
    held = [grant for grant in person.grants if grant != revoked]
    changed, events = person.grant(held, person.mandates, by)
    return await _saved(person, changed, events, uow)


async def confirm_request(
    request_id: UUID, command: DecideRequest, by: UUID, uow: UnitOfWork
) -> Person:
    """Give a role that somebody else asked for. Raises what GrantRequest.confirm does."""
    granter = await granting.load_granter(uow, by)
    request = await granting.load_request(uow, request_id)
    person = await store.load_person(uow, request.person_id)
    ended, changed, events = request.confirm(person, granter, command.comment)
    await granting.decide(uow, ended, by, command.comment)
    if request.grant.member_id is None:
        await mails.tell_office(uow, "role_granted")
    return await _saved(person, changed, events, uow)


async def refuse_request(
    request_id: UUID, command: DecideRequest, by: UUID, uow: UnitOfWork
) -> Person:
    """Do not give a role that was asked for. Raises what GrantRequest.refuse does."""
    granter = await granting.load_granter(uow, by)
    request = await granting.load_request(uow, request_id)
    person = await store.load_person(uow, request.person_id)
    ended, changed, events = request.refuse(person, granter, command.comment)
    await granting.decide(uow, ended, by, command.comment)
    return await _saved(person, changed, events, uow)


async def reconfirm(person: Person, by: UUID, uow: UnitOfWork) -> None:
    """Let roles that need a second person wait for one again. Raises Forbidden (`own_roles`)."""
    alone = [grant for grant in person.grants if not needs_confirmation(grant)]
    if len(alone) == len(person.grants):
        return
    (await granting.load_granter(uow, by)).require(person, person.grants)
    changed, events = person.grant(alone, person.mandates, by)
    await _asked(person, changed, person.grants, events, by, uow)


async def end_requests(person: Person, by: UUID, uow: UnitOfWork) -> tuple[Person, list[Message]]:
    """Let nothing wait for an account that is being closed; the caller saves and announces."""
    granter = await granting.load_granter(uow, by)
    events: list[Message] = []
    for request in await granting.waiting(uow, person.person_id):
        ended, person, news = request.refuse(person, granter, _LEFT)
        await granting.decide(uow, ended, by, _LEFT)
        events += news
    return person, events


async def ask(
    person: Person, wanted: Sequence[Grant], by: UUID, uow: UnitOfWork
) -> tuple[Person, list[GrantRequest], list[Message]]:
    """Ask for what is wanted, not held and not waiting; the caller saves all of it."""
    known = {request.grant for request in await granting.waiting(uow, person.person_id)}
    missing = [
        grant
        for grant in dict.fromkeys(wanted)
        if needs_confirmation(grant) and grant not in person.grants and grant not in known
    ]
    requests: list[GrantRequest] = []
    events: list[Message] = []
    for grant in missing:
        request, person, news = GrantRequest.ask(new_id(), person, grant, by)
        requests.append(request)
        events += news
    return person, requests, events


async def keep_requests(requests: Sequence[GrantRequest], uow: UnitOfWork) -> None:
    """Keep what was asked for; every account of the office hears of a role of the cooperative."""
    for request in requests:
        await granting.add_request(uow, request)
    if any(request.grant.member_id is None for request in requests):
        await mails.tell_office(uow, "role_requested")


async def _asked(
    before: Person,
    person: Person,
    wanted: Sequence[Grant],
    events: list[Message],
    by: UUID,
    uow: UnitOfWork,
) -> Person:
    person.require_active()
    check_levels(wanted)
    await granting.require_members(uow, wanted)
    known = await granting.has_address(uow, person.person_id)
    person, requests, news = await ask(person, wanted, by, uow)
    require_address(person, [request.grant for request in requests], known=known)
    await _saved(before, person, [*events, *news], uow)
    await keep_requests(requests, uow)
    return person


async def _saved(
    before: Person, person: Person, events: Sequence[Message], uow: UnitOfWork
) -> Person:
    if events:
        await store.save_person(uow, person, since=before.version)
    if _factor(before) != _factor(person):
        await sign_ins.want(uow, person.person_id, made=False)
    uow.announce(*events)
    return person


def _factor(person: Person) -> bool:
    return demands_second_factor(person.kind, person.grants)
