"""Accounts: made known, reached, closed."""

from uuid import UUID

from marktbund import statements
from marktbund.ids import new_id
from marktbund.statements import Clause
from marktbund.unit_of_work import UnitOfWork
from members.commands import (
    ChooseNotices,
    FirstOffice,
    RegisterColleague,
    RegisterPerson,
    SetContact,
)
from members.domain import Person
from members.domain import accounts as deciding
from members.domain.accounts import Newcomer
from members.domain.people import require_person
from members.handlers import accounts
from members.store import bodies, locks, people


async def register_person(command: RegisterPerson, by: UUID, uow: UnitOfWork) -> Person:
    """Make an account known; without a subject, the identity provider is asked for one.

    Raises what `accounts.register` of the domain does.
    """
    newcomer = Newcomer(
        new_id(), command.kind, command.sub, command.grants, command.unit_ids, command.email
    )
    return await _register(newcomer, by, uow)


async def register_colleague(
    member_id: UUID, command: RegisterColleague, by: UUID, uow: UnitOfWork
) -> Person:
    """Make an account known for somebody of a member; the identity provider invites them.

    Raises NotFound (`member_unknown`) beside what register_person does.
    """
    grants = command.grants_at(member_id)
    newcomer = Newcomer(new_id(), "person", None, grants, email=command.email)
    return await _register(newcomer, by, uow, member_id)


async def _register(
    newcomer: Newcomer, by: UUID, uow: UnitOfWork, member_id: UUID | None = None
) -> Person:
    await _hold_names(newcomer, uow)
    facts = await accounts.gather(
        uow,
        by,
        accounts.asked_members(newcomer.grants),
        bodies.asked_units(set(newcomer.unit_ids)),
        people.asked_subject(newcomer.sub),
        people.asked_address(newcomer.email),
    )

    if member_id is not None:
        facts.granter.require_member(member_id)
    person, events = deciding.register(newcomer, facts, new_id)

    return await accounts.write(uow, facts, person, events)


async def bootstrap_office(command: FirstOffice, uow: UnitOfWork) -> Person:
    """Make an office account without a second person, from the command line only.

    Raises Conflict (`office_exists`) once there are two, who can do without.
    """
    newcomer = Newcomer(new_id(), "person", command.sub, (), email=command.email)
    await _hold_names(newcomer, uow, locks.office())
    facts = await accounts.gather(
        uow,
        newcomer.person_id,
        people.asked_subject(command.sub),
        people.asked_address(command.email),
        people.asked_office_accounts(),
    )

    person, events = deciding.bootstrap(newcomer, facts)

    return await accounts.write(uow, facts, person, events)


async def _hold_names(newcomer: Newcomer, uow: UnitOfWork, *beside: Clause) -> None:
    held = [*beside]
    if newcomer.sub is not None:
        held.append(locks.subject(newcomer.sub))
    if newcomer.email is not None:
        held.append(locks.address(newcomer.email))
    await locks.hold(uow, *held)


async def set_contact(person_id: UUID, command: SetContact, by: UUID, uow: UnitOfWork) -> Person:
    """Keep where a person is reached. Raises what `accounts.move` of the domain does."""
    await locks.hold(uow, locks.address(command.email), locks.person(person_id))
    asked = people.asked_person(person_id), people.asked_address(command.email)
    facts = await accounts.gather(uow, by, *asked)

    before = require_person(facts.person)
    person, events = deciding.move(before, command.email, facts, new_id)

    return await accounts.write(uow, facts, person, events, retold=person.made)


async def choose_notices(person_id: UUID, command: ChooseNotices, uow: UnitOfWork) -> None:
    """Keep what a person does not want as mail. Raises Conflict (`person_inactive`)."""
    await locks.hold(uow, locks.person(person_id))
    known = await statements.ask(uow.connection, people.asked_person(person_id))

    require_person(people.PERSON.validate_python(known.person)).require_active()

    await uow.write(*people.choosing(person_id, command.unwanted))


async def deactivate_person(person_id: UUID, by: UUID, uow: UnitOfWork) -> Person:
    """Take an account's access away, at the identity provider too; its address is forgotten, and
    what was asked for is refused.
    """
    await locks.hold(uow, locks.person(person_id))
    facts = await accounts.gather(uow, by, people.asked_person(person_id))

    person, events = deciding.close(require_person(facts.person), facts.granter)

    return await accounts.write(uow, facts, person, events)
