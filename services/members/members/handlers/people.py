"""Accounts: made known, reached, closed."""

from uuid import UUID

from marktbund.contracts.members import Grant
from marktbund.errors import Conflict
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members import store
from members.commands import (
    ChooseNotices,
    FirstOffice,
    RegisterColleague,
    RegisterPerson,
    SetContact,
)
from members.domain import Person
from members.domain.granting import at_once, require_address
from members.domain.people import check_levels
from members.handlers.granting import ask, end_requests, keep_requests, reconfirm
from members.store import granting, mails, sign_ins

TWO_PEOPLE = 2
"""From so many office accounts on, one can ask and the other confirm."""


async def register_person(command: RegisterPerson, by: UUID, uow: UnitOfWork) -> Person:
    """Make an account known; without a subject, the identity provider is asked for one. Roles
    that need a second person are asked for.

    Raises Conflict (`person_exists`, `email_taken`), Invalid (`role_level_wrong`,
    `address_needed`), NotFound (`member_unknown`, `unit_unknown`).
    """
    person_id = new_id()
    sub = command.sub or str(person_id)
    check_levels(command.grants)
    await granting.require_members(uow, command.grants)
    await store.require_units(uow, command.unit_ids)
    held = at_once(command.grants, ())
    person, events = Person.register(person_id, command.kind, sub, held, command.unit_ids, by=by)
    require_address(person, command.grants, known=command.email is not None)
    person, requests, news = await ask(person, command.grants, by, uow)
    await store.add_person(uow, person)
    if command.sub is None:
        await sign_ins.want(uow, person_id, made=True)
    if command.email:
        await mails.keep_contact(uow, person_id, command.email)
    uow.announce(*events, *news)
    await keep_requests(requests, uow)
    return person


async def register_colleague(
    member_id: UUID, command: RegisterColleague, by: UUID, uow: UnitOfWork
) -> Person:
    """Make an account known for somebody of a member; the identity provider invites them.

    Raises NotFound (`member_unknown`) beside what register_person does.
    """
    (await granting.load_granter(uow, by)).require_member(member_id)
    grants = command.grants_at(member_id)
    return await register_person(RegisterPerson(email=command.email, grants=grants), by, uow)


async def bootstrap_office(command: FirstOffice, uow: UnitOfWork) -> Person:
    """Make an office account without a second person, from the command line only.

    Raises Conflict (`office_exists`) once there are two, who can do without.
    """
    if await granting.office_accounts(uow) >= TWO_PEOPLE:
        raise Conflict("office_exists", "Es gibt schon zwei Konten der Geschäftsstelle")
    grants = (Grant(role="office"), Grant(role="operator"))
    person, events = Person.register(new_id(), "person", command.sub, grants)
    await store.add_person(uow, person)
    if command.email:
        await mails.keep_contact(uow, person.person_id, command.email)
    await sign_ins.want(uow, person.person_id, made=False)
    uow.announce(*events)
    await mails.tell_office(uow, "role_granted")
    return person


async def set_contact(person_id: UUID, command: SetContact, by: UUID, uow: UnitOfWork) -> None:
    """Keep where a person is reached. Whoever reads the mail of an account that we made can sign in
    as it: with another address its roles with four eyes wait for a second person again.

    Raises Conflict (`person_inactive`, `email_taken`), Forbidden (`own_roles`).
    """
    person = await store.load_person(uow, person_id)
    person.require_active()
    moved = await sign_ins.is_made(uow, person_id) and not await mails.is_reached_at(
        uow, person_id, command.email
    )
    await mails.keep_contact(uow, person_id, command.email)
    await sign_ins.renew(uow, person_id)
    if moved:
        await reconfirm(person, by, uow)


async def choose_notices(person_id: UUID, command: ChooseNotices, uow: UnitOfWork) -> None:
    """Keep what a person does not want as mail. Raises Conflict (`person_inactive`)."""
    (await store.load_person(uow, person_id)).require_active()
    await mails.choose(uow, person_id, command.unwanted)


async def deactivate_person(person_id: UUID, by: UUID, uow: UnitOfWork) -> Person:
    """Take an account's access away, at the identity provider too; its address is forgotten, and
    what was asked for is refused.
    """
    before = await store.load_person(uow, person_id)
    person, events = before.deactivate()
    if not events:
        return before
    person, news = await end_requests(person, by, uow)
    await store.save_person(uow, person, since=before.version)
    await mails.forget_contact(uow, person_id)
    await sign_ins.want(uow, person_id, made=False)
    uow.announce(*events, *news)
    return person
