"""Member bodies and their units: gather, decide, write."""

from uuid import UUID

from marktbund import statements
from marktbund.ids import new_id
from marktbund.unit_of_work import UnitOfWork
from members.commands import (
    ChangeMemberStatus,
    ChangeUnitAwards,
    RegisterMember,
    RegisterUnit,
    SetContractingAuthority,
)
from members.domain import Member, Unit
from members.domain.bodies import require_member, require_new_key
from members.domain.units import require_unit
from members.store import bodies, locks


async def register_member(command: RegisterMember, uow: UnitOfWork) -> Member:
    """Enter a body in the member list. Raises Conflict (`member_exists`)."""
    await locks.hold(uow, locks.official_key(command.official_key))
    known = await statements.ask(uow.connection, bodies.asked_key(command.official_key))

    require_new_key(known=known.key_known)
    member, events = Member.register(
        new_id(), command.name, command.legal_form, command.official_key
    )

    uow.announce(*events)
    await uow.write(*bodies.adding_member(member))
    return member


async def change_member_status(
    member_id: UUID, command: ChangeMemberStatus, uow: UnitOfWork
) -> Member:
    """Suspend, reinstate or let go. Raises NotFound (`member_unknown`), Conflict."""
    await locks.hold(uow, locks.member(member_id))
    known = await statements.ask(uow.connection, bodies.asked_member(member_id))

    before = require_member(bodies.MEMBER.validate_python(known.member))
    member, events = before.change_status(command.status)

    uow.announce(*events)
    await uow.write(*bodies.saving_member(before, member))
    return member


async def set_contracting_authority(
    member_id: UUID, command: SetContractingAuthority, uow: UnitOfWork
) -> Member:
    """Say whose values a member's orders are added to. Raises what Member.belong_to does."""
    authority_id = command.contracting_authority_id
    await locks.hold(uow, locks.authorities(), locks.member(member_id))
    known = await statements.ask(
        uow.connection,
        bodies.asked_member(member_id),
        bodies.asked_member(authority_id, "authority"),
        bodies.asked_belonging(member_id),
    )

    before = require_member(bodies.MEMBER.validate_python(known.member))
    authority = bodies.MEMBER.validate_python(known.authority)
    authority = None if authority_id is None else require_member(authority)
    member, events = before.belong_to(authority, is_authority=known.is_authority)

    uow.announce(*events)
    await uow.write(*bodies.saving_member(before, member))
    return member


async def register_unit(command: RegisterUnit, uow: UnitOfWork) -> Unit:
    """Add a unit to a member. Raises NotFound (`member_unknown`)."""
    known = await statements.ask(uow.connection, bodies.asked_member(command.member_id))

    member = require_member(bodies.MEMBER.validate_python(known.member))
    unit, events = Unit.register(new_id(), member.member_id, command.name, command.cost_centre)

    uow.announce(*events)
    await uow.write(*bodies.adding_unit(unit))
    return unit


async def change_unit_awards(unit_id: UUID, command: ChangeUnitAwards, uow: UnitOfWork) -> Unit:
    """Replace what a unit awards on its own responsibility. Raises NotFound (`unit_unknown`)."""
    await locks.hold(uow, locks.unit(unit_id))
    known = await statements.ask(uow.connection, bodies.asked_unit(unit_id))

    before = require_unit(bodies.UNIT.validate_python(known.unit))
    unit, events = before.change_awards(command.plain_awards)

    uow.announce(*events)
    await uow.write(bodies.saving_unit(unit))
    return unit
