"""Member bodies and their units as rows."""

from uuid import UUID

from pydantic import TypeAdapter

from marktbund.jsons import dumps
from marktbund.statements import Clause, inserting
from members.domain import Member, Unit
from members.store.tables import member_table, unit_table

MEMBER = TypeAdapter(Member | None)
"""Reads what `asked_member` answers."""
UNIT = TypeAdapter(Unit | None)
"""Reads what `asked_unit` answers."""

_MEMBER = "(SELECT to_jsonb(m) FROM member AS m WHERE m.member_id = :{name}_id)"
_UNIT = "(SELECT to_jsonb(u) FROM unit AS u WHERE u.unit_id = :unit_id)"
_SAVE_MEMBER = """
    UPDATE member SET status = :status, contracting_authority_id = :contracting_authority_id,
                      version = :version
     WHERE member_id = :member_id
"""
_SAVE_UNIT = """
    UPDATE unit SET awards = CAST(:awards AS jsonb), version = :version WHERE unit_id = :unit_id
"""


def asked_member(member_id: UUID | None, name: str = "member") -> Clause:
    """The question for a member, None where there is none; under another name for a second one."""
    return Clause(name, _MEMBER.format(name=name), {f"{name}_id": member_id})


def asked_key(official_key: str) -> Clause:
    """The question whether an official key is somebody's."""
    sql = "EXISTS (SELECT FROM member WHERE official_key = :official_key)"
    return Clause("key_known", sql, {"official_key": official_key})


def asked_belonging(member_id: UUID) -> Clause:
    """The question whether others belong to a member."""
    sql = "EXISTS (SELECT FROM member WHERE contracting_authority_id = :member_id)"
    return Clause("is_authority", sql, {"member_id": member_id})


def asked_members(member_ids: set[UUID]) -> Clause:
    """The question which of these members there are."""
    sql = """ARRAY(SELECT member_id FROM member
                    WHERE member_id = ANY (CAST(:named_members AS uuid[])))"""
    return Clause("member_ids", sql, {"named_members": sorted(member_ids)})


def asked_unit(unit_id: UUID) -> Clause:
    """The question for a unit, None where there is none."""
    return Clause("unit", _UNIT, {"unit_id": unit_id})


def asked_units(unit_ids: set[UUID]) -> Clause:
    """The question which of these units there are."""
    sql = "ARRAY(SELECT unit_id FROM unit WHERE unit_id = ANY (CAST(:named_units AS uuid[])))"
    return Clause("unit_ids", sql, {"named_units": sorted(unit_ids)})


def adding_member(member: Member) -> tuple[Clause, ...]:
    """The write that keeps a new member."""
    row = {
        "member_id": member.member_id,
        "name": member.name,
        "legal_form": member.legal_form,
        "official_key": member.official_key,
        "status": member.status,
        "version": member.version,
    }
    return inserting(member_table, [row])


def saving_member(before: Member, member: Member) -> tuple[Clause, ...]:
    """The write that keeps a changed member, which is held; none where nothing changed."""
    if member == before:
        return ()
    values = {
        "member_id": member.member_id,
        "status": member.status,
        "contracting_authority_id": member.contracting_authority_id,
        "version": member.version,
    }
    return (Clause("saved_member", _SAVE_MEMBER, values),)


def adding_unit(unit: Unit) -> tuple[Clause, ...]:
    """The write that keeps a new unit."""
    row = {
        "unit_id": unit.unit_id,
        "member_id": unit.member_id,
        "name": unit.name,
        "cost_centre": unit.cost_centre,
        "version": unit.version,
    }
    return inserting(unit_table, [row])


def saving_unit(unit: Unit) -> Clause:
    """The write that keeps a changed unit, which is held."""
    awards = dumps([award.model_dump(mode="json") for award in unit.awards])
    values = {"unit_id": unit.unit_id, "awards": awards, "version": unit.version}
    return Clause("saved_unit", _SAVE_UNIT, values)
