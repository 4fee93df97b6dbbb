"""Roles that wait for a second person, as rows; whoever gives roles, as the replica knows them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from marktbund.contracts.members import Grant
from marktbund.errors import NotFound
from marktbund.unit_of_work import UnitOfWork
from members.domain.granting import Granter, GrantRequest

_GRANTER = text("SELECT grants FROM principal WHERE person_id = :person_id AND active")
_COLUMNS = "request_id, person_id, role, member_id, requested_by, state"
_LOAD = text(f"SELECT {_COLUMNS} FROM grant_request WHERE request_id = :request_id")
_WAITING = text(f"""
    SELECT {_COLUMNS} FROM grant_request
     WHERE person_id = :person_id AND state = 'waiting' ORDER BY request_id
""")
_ADD = text("""
    INSERT INTO grant_request (request_id, person_id, role, member_id, requested_by, requested_at)
    VALUES (:request_id, :person_id, :role, :member_id, :requested_by, :now)
""")
_DECIDE = text("""
    UPDATE grant_request SET state = :state, decided_by = :by, decided_at = :now, comment = :comment
     WHERE request_id = :request_id AND state = 'waiting'
""")
_UNKNOWN = text("""
    SELECT member_id FROM unnest(CAST(:member_ids AS uuid[])) AS w (member_id)
     WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.member_id = w.member_id)
""")
_ADDRESS = text("SELECT EXISTS (SELECT FROM contact WHERE person_id = :person_id)")

_COUNTING = text("SELECT pg_advisory_xact_lock(hashtextextended('members.office', 0))")
_OFFICE = text("""
    SELECT count(*) FROM principal WHERE active AND grants @> CAST('[{"role": "office"}]' AS jsonb)
""")


def _request(row: Row[Any]) -> GrantRequest:
    grant = Grant(role=row.role, member_id=row.member_id)
    return GrantRequest(row.request_id, row.person_id, grant, row.requested_by, row.state)


async def load_granter(uow: UnitOfWork, person_id: UUID) -> Granter:
    """Whoever gives roles, as of now; one whose access ended meanwhile may give none."""
    row = (await uow.connection.execute(_GRANTER, {"person_id": person_id})).one_or_none()
    held = row.grants if row is not None else ()
    return Granter(person_id, tuple(Grant.model_validate(grant) for grant in held))


async def load_request(uow: UnitOfWork, request_id: UUID) -> GrantRequest:
    """A role that was asked for. Raises NotFound (`request_unknown`)."""
    row = (await uow.connection.execute(_LOAD, {"request_id": request_id})).one_or_none()
    if row is None:
        raise NotFound("request_unknown", "Diesen Antrag gibt es nicht")
    return _request(row)


async def waiting(uow: UnitOfWork, person_id: UUID) -> list[GrantRequest]:
    """What waits for a second person, oldest first."""
    return [_request(row) for row in await uow.connection.execute(_WAITING, _of(person_id))]


async def add_request(uow: UnitOfWork, request: GrantRequest) -> None:
    """Keep a new request; the account's version keeps a second one for the same role out."""
    row = {
        "request_id": request.request_id,
        "person_id": request.person_id,
        "role": request.grant.role,
        "member_id": request.grant.member_id,
        "requested_by": request.requested_by,
        "now": uow.now,
    }
    await uow.connection.execute(_ADD, row)


async def decide(uow: UnitOfWork, request: GrantRequest, by: UUID, comment: str) -> None:
    """Keep how a request ended, and why."""
    row = {"request_id": request.request_id, "state": request.state, "by": by}
    await uow.connection.execute(_DECIDE, row | {"now": uow.now, "comment": comment})


async def require_members(uow: UnitOfWork, grants: Sequence[Grant]) -> None:
    """Raises NotFound (`member_unknown`) naming the grant at a member that there is not."""
    member_ids = {grant.member_id for grant in grants if grant.member_id is not None}
    rows = await uow.connection.execute(_UNKNOWN, {"member_ids": sorted(member_ids)})
    unknown = {row.member_id for row in rows}
    for position, grant in enumerate(grants):
        if grant.member_id in unknown:
            field = f"grants[{position}].member_id"
            raise NotFound("member_unknown", "Dieses Mitglied gibt es nicht", field=field)


async def office_accounts(uow: UnitOfWork) -> int:
    """How many active accounts the office has; others that count at once wait."""
    await uow.connection.execute(_COUNTING)
    return int(await uow.connection.scalar(_OFFICE) or 0)


async def has_address(uow: UnitOfWork, person_id: UUID) -> bool:
    """Whether it is known where the person is reached."""
    return bool(await uow.connection.scalar(_ADDRESS, _of(person_id)))


def _of(person_id: UUID) -> dict[str, UUID]:
    return {"person_id": person_id}
