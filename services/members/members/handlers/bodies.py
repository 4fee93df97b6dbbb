"""Member bodies, units, rule sets."""

from uuid import UUID

from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members import store
from members.commands import (
    AdoptRules,
    ChangeMemberStatus,
    ChangeUnitAwards,
    RegisterMember,
    RegisterUnit,
    SetContractingAuthority,
)
from members.domain import Member, RuleSet, Unit, preset_rules


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
    await store.lock_authorities(uow)
    member = await store.load_member(uow, member_id)
    known = command.contracting_authority_id
    authority = await store.load_member(uow, known) if known else None
    is_authority = await store.is_authority(uow, member_id)
    member, events = member.belong_to(authority, is_authority=is_authority)
    await store.save_member(uow, member)
    uow.announce(*events)
    return member


async def change_unit_awards(unit_id: UUID, command: ChangeUnitAwards, uow: UnitOfWork) -> Unit:
    """Replace what a unit awards on its own responsibility."""
    unit, events = (await store.load_unit(uow, unit_id)).change_awards(command.plain_awards)
    await store.save_unit(uow, unit)
    uow.announce(*events)
    return unit


async def adopt_rules(member_id: UUID, command: AdoptRules, by: UUID, uow: UnitOfWork) -> RuleSet:
    """Replace a member's rules. Raises NotFound (`preset_unknown`) and what RuleSet.adopt does."""
    member = await store.load_member(uow, member_id)
    rules = preset_rules(command.preset) if command.preset else command.plain_rules
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
