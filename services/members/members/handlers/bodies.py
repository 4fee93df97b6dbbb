"""Member bodies, units, accounts, rule sets."""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members import store
from members.commands import (
    AdoptRules,
    ChangeMemberStatus,
    ChangeUnitAwards,
    ChooseNotices,
    GrantRoles,
    RegisterMember,
    RegisterPerson,
    RegisterUnit,
    SetContact,
    SetContractingAuthority,
)
from members.domain import Member, Person, RuleSet, Unit, preset_rules
from members.store import mails, sign_ins


async def register_member(command: RegisterMember, uow: UnitOfWork) -> Member:
    """Enter a body in the member list."""
    member, events = Member.register(
        new_id(), command.name, command.legal_form, command.official_key
    )
    await store.add_member(uow, member)
    uow.announce(*events)
    return member


async def change_member_status(
    member_id: UUID, command: ChangeMemberStatus, uow: UnitOfWork
) -> Member:
    """Suspend, reinstate or let go."""
    member, events = (await store.load_member(uow, member_id)).change_status(command.status)
    if events:
        await store.save_member(uow, member)
    uow.announce(*events)
    return member


async def register_unit(command: RegisterUnit, uow: UnitOfWork) -> Unit:
    """Add a unit to a member."""
    member = await store.load_member(uow, command.member_id)
    unit, events = Unit.register(new_id(), member.member_id, command.name, command.cost_centre)
    await store.add_unit(uow, unit)
    uow.announce(*events)
    return unit


async def set_contracting_authority(
    member_id: UUID, command: SetContractingAuthority, uow: UnitOfWork
) -> Member:
    """Say whose values a member's orders are added to."""
    member = await store.load_member(uow, member_id)
    known = command.contracting_authority_id
    authority = await store.load_member(uow, known) if known else None
    member, events = member.belong_to(authority)
    await store.save_member(uow, member)
    uow.announce(*events)
    return member


async def change_unit_awards(unit_id: UUID, command: ChangeUnitAwards, uow: UnitOfWork) -> Unit:
    """Replace what a unit awards on its own responsibility."""
    unit, events = (await store.load_unit(uow, unit_id)).change_awards(command.awards)
    await store.save_unit(uow, unit)
    uow.announce(*events)
    return unit


async def adopt_rules(member_id: UUID, command: AdoptRules, by: UUID, uow: UnitOfWork) -> RuleSet:
    """Replace a member's rules. Raises NotFound (`preset_unknown`) and what RuleSet.adopt does."""
    member = await store.load_member(uow, member_id)
    rules = preset_rules(command.preset) if command.preset else command.rules
    before = await store.find_rule_set(uow, member.member_id)
    rule_set = before or RuleSet(new_id(), member.member_id, (), ())
    rule_set, events = rule_set.adopt(rules, command.approval_steps, by, command.preset)
    await store.save_rule_set(uow, rule_set)
    uow.announce(*events)
    return rule_set


async def withdraw_rules(member_id: UUID, by: UUID, uow: UnitOfWork) -> RuleSet:
    """Let no rules hold for a member any more."""
    rule_set, events = (await store.load_rule_set(uow, member_id)).withdraw(by)
    await store.save_rule_set(uow, rule_set)
    uow.announce(*events)
    return rule_set


async def register_person(command: RegisterPerson, uow: UnitOfWork) -> Person:
    """Make an account known; without a subject, the identity provider is asked for one.

    Raises Conflict (`person_exists`, `email_taken`).
    """
    person_id = new_id()
    sub = command.sub or str(person_id)
    person, events = Person.register(person_id, command.kind, sub, command.grants, command.unit_ids)
    await store.add_person(uow, person)
    if command.sub is None:
        await sign_ins.want(uow, person_id, made=True)
    if command.email:
        await mails.keep_contact(uow, person.person_id, command.email)
    uow.announce(*events)
    return person


async def set_contact(person_id: UUID, command: SetContact, uow: UnitOfWork) -> None:
    """Keep where a person is reached. Raises Conflict (`person_inactive`, `email_taken`)."""
    (await store.load_person(uow, person_id)).require_active()
    await mails.keep_contact(uow, person_id, command.email)
    await sign_ins.renew(uow, person_id)


async def choose_notices(person_id: UUID, command: ChooseNotices, uow: UnitOfWork) -> None:
    """Keep what a person does not want as mail. Raises Conflict (`person_inactive`)."""
    (await store.load_person(uow, person_id)).require_active()
    await mails.choose(uow, person_id, command.unwanted)


async def grant_roles(person_id: UUID, command: GrantRoles, by: UUID, uow: UnitOfWork) -> Person:
    """Replace an account's roles and mandates."""
    person = await store.load_person(uow, person_id)
    person, events = person.grant(command.grants, command.mandates, by)
    await store.save_person(uow, person)
    uow.announce(*events)
    return person


async def deactivate_person(person_id: UUID, uow: UnitOfWork) -> Person:
    """Take an account's access away, at the identity provider too; its address is forgotten."""
    person, events = (await store.load_person(uow, person_id)).deactivate()
    if events:
        await store.save_person(uow, person)
        await mails.forget_contact(uow, person_id)
        await sign_ins.want(uow, person_id, made=False)
    uow.announce(*events)
    return person
