"""Roles that wait for a second person, and who holds which role at a member, for those who may
decide. Addresses stand beside people whom the viewer looks after, and for others what they are.
"""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund.contracts.http.members import (
    GrantedAnswer,
    RegisteredAnswer,
    RequestAnswer,
    RoleHolderAnswer,
)
from marktbund.contracts.members import Grant
from marktbund.errors import Forbidden
from marktbund.principals import Principal
from members.domain.granting import Granter
from members.views import register

_REQUESTS = """
    SELECT r.request_id, r.person_id, r.role, r.member_id, m.name AS member_name, r.requested_by,
           r.requested_at, c.email AS person_email,
           CAST(:viewer AS uuid) IN (r.requested_by, r.person_id) AS mine,
           CASE WHEN CAST(:whole AS boolean) OR EXISTS (
                     SELECT FROM held_role AS h
                      WHERE h.person_id = r.requested_by AND h.member_id = r.member_id)
                THEN b.email END AS requested_by_email
      FROM grant_request AS r
      LEFT JOIN member AS m USING (member_id)
      LEFT JOIN contact AS c ON c.person_id = r.person_id
      LEFT JOIN contact AS b ON b.person_id = r.requested_by
     WHERE r.state = 'waiting'
       AND (CAST(:whole AS boolean) OR r.member_id = ANY (CAST(:member_ids AS uuid[])))
"""
_WAITING = text(f"""
    {_REQUESTS} AND (CAST(:after AS uuid) IS NULL OR r.request_id > :after)
     ORDER BY r.request_id LIMIT :limit
""")
_OF_PERSON = text(f"{_REQUESTS} AND r.person_id = :person_id ORDER BY r.request_id")
# An account without any role belongs to whoever looks after the member where some were refused.
_HOLDERS = text("""
    SELECT p.person_id, c.email,
           ARRAY(SELECT role FROM held_role AS h
                  WHERE h.person_id = p.person_id AND h.member_id = :member_id
                  ORDER BY role) AS roles
      FROM person AS p LEFT JOIN contact AS c USING (person_id)
     WHERE p.active AND p.person_id IN (
               SELECT person_id FROM held_role WHERE member_id = :member_id
               UNION ALL
               SELECT person_id FROM grant_request AS r
                WHERE r.member_id = :member_id AND r.state = 'refused' AND NOT EXISTS (
                      SELECT FROM held_role AS h WHERE h.person_id = r.person_id))
       AND (CAST(:after AS uuid) IS NULL OR p.person_id > :after)
     ORDER BY p.person_id LIMIT :limit
""")


async def waiting_requests(
    connection: AsyncConnection, viewer: Principal, after: UUID | None, limit: int
) -> list[RequestAnswer]:
    """A page of what the viewer may decide about or asked for, by id. Raises Forbidden."""
    granter = _granter(viewer)
    if not (granter.of_office or granter.administers):
        raise Forbidden(
            "not_authorised",
            "Keine Berechtigung",
            "Anträge auf Rollen sieht die Geschäftsstelle und die Mitgliedsverwaltung.",
            way_out="Wenden Sie sich an Ihre Geschäftsstelle.",
        )
    parameters = {**_reach(granter), "after": after, "limit": limit}
    rows = await connection.execute(_WAITING, parameters)
    return [RequestAnswer.model_validate(row) for row in rows]


async def granted(connection: AsyncConnection, person_id: UUID, viewer: Principal) -> GrantedAnswer:
    """An account's roles within the viewer's reach. Raises NotFound (`person_unknown`)."""
    person = await register.person(connection, person_id)
    granter = _granter(viewer)
    return GrantedAnswer(
        person_id=person.person_id,
        grants=tuple(grant for grant in person.grants if granter.may_give(grant)),
        active=person.active,
        version=person.version,
        requests=await _requests(connection, person_id, granter),
    )


async def registered(
    connection: AsyncConnection, person_id: UUID, office_id: UUID
) -> RegisteredAnswer:
    """The same for the office, with all that is kept of the account."""
    person = await register.person(connection, person_id)
    granter = Granter(office_id, (Grant(role="office"),))
    requests = await _requests(connection, person_id, granter)
    return RegisteredAnswer(**person.model_dump(), requests=requests)


async def role_holders(
    connection: AsyncConnection,
    member_id: UUID,
    viewer: Principal,
    after: UUID | None,
    limit: int,
) -> list[RoleHolderAnswer]:
    """A page of the accounts with roles at a member, by id, and of those without any role of whom
    one there was refused. Raises NotFound (`member_unknown`) for a member that the viewer does not
    look after.
    """
    granter = _granter(viewer)
    granter.require_member(member_id)
    parameters = {"member_id": member_id, "after": after, "limit": limit}
    return [
        RoleHolderAnswer.model_validate(row)
        for row in await connection.execute(_HOLDERS, parameters)
    ]


def _granter(viewer: Principal) -> Granter:
    return Granter(viewer.person_id, viewer.grants)


class _Reach(TypedDict):
    """What the statements need of a viewer: all of the cooperative, or these members."""

    viewer: UUID
    whole: bool
    member_ids: list[UUID]


def _reach(granter: Granter) -> _Reach:
    return {
        "viewer": granter.person_id,
        "whole": granter.of_office,
        "member_ids": sorted(granter.administers),
    }


async def _requests(
    connection: AsyncConnection, person_id: UUID, granter: Granter
) -> tuple[RequestAnswer, ...]:
    rows = await connection.execute(_OF_PERSON, {**_reach(granter), "person_id": person_id})
    return tuple(RequestAnswer.model_validate(row) for row in rows)
