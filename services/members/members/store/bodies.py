"""Member bodies, units and accounts as rows, published as state."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert

from marktbund.contracts.members import (
    MEMBER_STATE,
    PERSON_STATE,
    UNIT_STATE,
    AwardingCategory,
    Grant,
    Mandate,
    MemberState,
    PersonState,
    UnitState,
)
from marktbund.errors import Conflict, NotFound
from marktbund.feeds import StateFeed
from marktbund.principals import keep_principal
from marktbund.unit_of_work import UnitOfWork
from members.domain import Member, Person, Unit
from members.store.tables import member_table, person_table, unit_table

_LOCK_AUTHORITIES = text("SELECT pg_advisory_xact_lock(hashtextextended('members.authority', 0))")


def _member_state(row: Row[Any]) -> MemberState:
    return MemberState(
        version=row.version,
        member_id=row.member_id,
        name=row.name,
        legal_form=row.legal_form,
        official_key=row.official_key,
        status=row.status,
        contracting_authority_id=row.contracting_authority_id,
    )


def _unit_state(row: Row[Any]) -> UnitState:
    return UnitState(
        version=row.version,
        unit_id=row.unit_id,
        member_id=row.member_id,
        name=row.name,
        cost_centre=row.cost_centre,
        awards=tuple(AwardingCategory.model_validate(award) for award in row.awards),
    )


def _person_state(row: Row[Any]) -> PersonState:
    return PersonState(
        version=row.version,
        person_id=row.person_id,
        kind=row.kind,
        sub=row.sub,
        grants=tuple(Grant.model_validate(grant) for grant in row.grants),
        unit_ids=tuple(row.unit_ids),
        mandates=tuple(Mandate.model_validate(mandate) for mandate in row.mandates),
        active=row.active,
    )


BODY_FEEDS = (
    StateFeed(member_table, "member_id", MEMBER_STATE, _member_state),
    StateFeed(unit_table, "unit_id", UNIT_STATE, _unit_state),
    StateFeed(person_table, "person_id", PERSON_STATE, _person_state),
)


async def load_member(uow: UnitOfWork, member_id: UUID) -> Member:
    """A member. Raises NotFound (`member_unknown`)."""
    query = select(member_table).where(member_table.c.member_id == member_id)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("member_unknown", "Dieses Mitglied gibt es nicht", field="member_id")
    return Member(
        row.member_id,
        row.name,
        row.legal_form,
        row.official_key,
        row.status,
        row.version,
        row.contracting_authority_id,
    )


async def lock_authorities(uow: UnitOfWork) -> None:
    """Let one transaction at a time say who belongs to whom: two could make a chain together."""
    await uow.connection.execute(_LOCK_AUTHORITIES)


async def is_authority(uow: UnitOfWork, member_id: UUID) -> bool:
    """Whether others belong to a member."""
    belonging = member_table.c.contracting_authority_id == member_id
    return bool(await uow.connection.scalar(select(exists().where(belonging))))


async def load_unit(uow: UnitOfWork, unit_id: UUID) -> Unit:
    """A unit. Raises NotFound (`unit_unknown`)."""
    query = select(unit_table).where(unit_table.c.unit_id == unit_id)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("unit_unknown", "Diese Einheit gibt es nicht", field="unit_id")
    awards = _unit_state(row).awards
    return Unit(row.unit_id, row.member_id, row.name, row.cost_centre, row.version, awards)


async def load_person(uow: UnitOfWork, person_id: UUID) -> Person:
    """An account. Raises NotFound (`person_unknown`)."""
    query = select(person_table).where(person_table.c.person_id == person_id)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("person_unknown", "Dieses Konto gibt es nicht", field="person_id")
    state = _person_state(row)
    return Person(
        state.person_id,
        state.kind,
        state.sub,
        state.grants,
        state.mandates,
        state.unit_ids,
        state.active,
        state.version,
    )


async def add_member(uow: UnitOfWork, member: Member) -> None:
    """Keep a new member. Raises Conflict (`member_exists`) for a known official key."""
    row = {
        "member_id": member.member_id,
        "name": member.name,
        "legal_form": member.legal_form,
        "official_key": member.official_key,
        "status": member.status,
        "version": member.version,
    }
    await _add(uow, member_table, row, "official_key", "member_exists", "Dieses Mitglied gibt es")


async def require_units(uow: UnitOfWork, unit_ids: Sequence[UUID]) -> None:
    """Raises NotFound (`unit_unknown`) naming the first that there is not."""
    query = select(unit_table.c.unit_id).where(unit_table.c.unit_id.in_(unit_ids))
    known = set((await uow.connection.execute(query)).scalars())
    for position, unit_id in enumerate(unit_ids):
        if unit_id not in known:
            field = f"unit_ids[{position}]"
            raise NotFound("unit_unknown", "Diese Einheit gibt es nicht", field=field)


async def add_unit(uow: UnitOfWork, unit: Unit) -> None:
    """Keep a new unit."""
    row = {
        "unit_id": unit.unit_id,
        "member_id": unit.member_id,
        "name": unit.name,
        "cost_centre": unit.cost_centre,
        "version": unit.version,
    }
    await _add(uow, unit_table, row, "unit_id", "unit_exists", "Diese Einheit gibt es")


async def add_person(uow: UnitOfWork, person: Person) -> None:
    """Keep a new account. Raises Conflict (`person_exists`) for a known token subject."""
    row = {"person_id": person.person_id, "kind": person.kind}
    row |= _person_columns(person)
    await _add(uow, person_table, row, "sub", "person_exists", "Dieses Konto gibt es")
    await _keep_own_replica(uow, person)


async def save_member(uow: UnitOfWork, member: Member) -> None:
    """Keep a changed member. Raises Conflict (`changed_meanwhile`)."""
    values = {
        "status": member.status,
        "contracting_authority_id": member.contracting_authority_id,
        "version": member.version,
    }
    await _save(uow, member_table, member_table.c.member_id == member.member_id, values)


async def save_unit(uow: UnitOfWork, unit: Unit) -> None:
    """Keep a changed unit. Raises Conflict (`changed_meanwhile`)."""
    awards = [award.model_dump(mode="json") for award in unit.awards]
    values = {"awards": awards, "version": unit.version}
    await _save(uow, unit_table, unit_table.c.unit_id == unit.unit_id, values)


async def save_person(uow: UnitOfWork, person: Person, *, since: int) -> None:
    """Keep an account that changed since a version. Raises Conflict (`changed_meanwhile`)."""
    condition = person_table.c.person_id == person.person_id
    await _save(uow, person_table, condition, _person_columns(person), since)
    await _keep_own_replica(uow, person)


def _person_columns(person: Person) -> dict[str, Any]:
    return {
        "sub": person.sub,
        "grants": [grant.model_dump(mode="json") for grant in person.grants],
        "mandates": [mandate.model_dump(mode="json") for mandate in person.mandates],
        "unit_ids": list(person.unit_ids),
        "active": person.active,
        "version": person.version,
    }


async def _keep_own_replica(uow: UnitOfWork, person: Person) -> None:
    state = PersonState(
        version=person.version,
        person_id=person.person_id,
        kind=person.kind,
        sub=person.sub,
        grants=person.grants,
        unit_ids=person.unit_ids,
        mandates=person.mandates,
        active=person.active,
    )
    await keep_principal(state, uow.connection)


async def _add(
    uow: UnitOfWork, table: Table, row: dict[str, Any], field: str, code: str, title: str
) -> None:
    statement = insert(table).values(row).on_conflict_do_nothing()
    if (await uow.connection.execute(statement)).rowcount != 1:
        raise Conflict(code, f"{title} schon", field=field)


async def _save(
    uow: UnitOfWork,
    table: Table,
    condition: Any,
    values: dict[str, Any],
    since: int | None = None,
) -> None:
    before = table.c.version == (values["version"] - 1 if since is None else since)
    result = await uow.connection.execute(update(table).where(condition, before).values(values))
    if result.rowcount != 1:
        raise Conflict("changed_meanwhile", "Inzwischen geändert", way_out="Bitte neu laden.")
