"""Roles with four eyes: given, asked for, decided, taken."""

from uuid import UUID

from marktbund.contracts.members import Grant
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members.commands import AskForRole, DecideRequest, GrantRoles, RevokeRole
from members.domain import Person, roles
from members.domain.people import require_person, require_requested
from members.handlers import accounts
from members.store import locks, people


async def grant_roles(person_id: UUID, command: GrantRoles, by: UUID, uow: UnitOfWork) -> Person:
    """Replace an account's roles and mandates. Raises what `roles.replace_roles` does."""
    await locks.hold(uow, locks.person(person_id))
    asked = people.asked_person(person_id), accounts.asked_members(command.grants)
    facts = await accounts.gather(uow, by, *asked)

    person, events = roles.replace_roles(
        require_person(facts.person), command.grants, command.plain_mandates, facts, new_id
    )

    return await accounts.write(uow, facts, person, events)


async def ask_for_role(command: AskForRole, by: UUID, uow: UnitOfWork) -> Person:
    """Give one role more, or ask for it where it needs a second person."""
    grant = Grant(role=command.role, member_id=command.member_id)
    await locks.hold(uow, locks.person(command.person_id))
    asked = people.asked_person(command.person_id), accounts.asked_members([grant])
    facts = await accounts.gather(uow, by, *asked)

    person, events = roles.give_role(require_person(facts.person), grant, facts, new_id)

    return await accounts.write(uow, facts, person, events)


async def revoke_role(person_id: UUID, command: RevokeRole, by: UUID, uow: UnitOfWork) -> Person:
    """Take one role away at once; one that is not held is none to take."""
    grant = Grant(role=command.role, member_id=command.member_id)
    await locks.hold(uow, locks.person(person_id))
    facts = await accounts.gather(uow, by, people.asked_person(person_id))

    person, events = roles.take_role(require_person(facts.person), grant, facts.granter)

    return await accounts.write(uow, facts, person, events)


async def confirm_request(
    request_id: UUID, command: DecideRequest, by: UUID, uow: UnitOfWork
) -> Person:
    """Give a role that somebody else asked for. Raises what `roles.confirm` does."""
    await locks.hold(uow, locks.person_of(request_id))
    facts = await accounts.gather(uow, by, people.asked_requested(request_id))

    before = require_requested(facts.person)
    person, events = roles.confirm(before, request_id, facts.granter, command.comment)

    return await accounts.write(uow, facts, person, events)


async def refuse_request(
    request_id: UUID, command: DecideRequest, by: UUID, uow: UnitOfWork
) -> Person:
    """Do not give a role that was asked for. Raises what `roles.refuse` does."""
    await locks.hold(uow, locks.person_of(request_id))
    facts = await accounts.gather(uow, by, people.asked_requested(request_id))

    before = require_requested(facts.person)
    person, events = roles.refuse(before, request_id, facts.granter, command.comment)

    return await accounts.write(uow, facts, person, events)
