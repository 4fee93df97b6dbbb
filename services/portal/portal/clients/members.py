"""Doors of members. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.members import NoticesAnswer, RequestAnswer, RoleHolderAnswer
from portal.clients.bodies import (
    Body,
    ColleagueBody,
    CommentBody,
    GrantBody,
    NoticesBody,
    RevocationBody,
)
from portal.clients.services import Caller, Question, Services
from portal.domain.keys import at_door

_MEMBERS = "members"


async def requests(
    services: Services, caller: Caller, limit: int, after: UUID | None = None
) -> list[RequestAnswer]:
    """Roles that wait for a second person, the oldest first."""
    question: Question = {"limit": limit, "after": after}
    return await services.read(caller, _MEMBERS, "/grant-requests", list[RequestAnswer], question)


async def people(
    services: Services, caller: Caller, member_id: UUID, limit: int, after: UUID | None = None
) -> list[RoleHolderAnswer]:
    """Accounts with roles at a member."""
    question: Question = {"limit": limit, "after": after}
    path = f"/members/{member_id}/people"
    return await services.read(caller, _MEMBERS, path, list[RoleHolderAnswer], question)


async def add_person(
    services: Services, caller: Caller, member_id: UUID | None, body: ColleagueBody, key: str
) -> None:
    """Open an account for somebody new at a member."""
    await _change(services, caller, f"/members/{member_id}/people", body, key)


async def decide(
    services: Services, caller: Caller, request_id: UUID, step: str, body: CommentBody, key: str
) -> None:
    """Confirm or refuse a role that waits. step: `confirmation` or `refusal`."""
    await _change(services, caller, f"/grant-requests/{request_id}/{step}", body, key)


async def grant(services: Services, caller: Caller, body: GrantBody, key: str) -> None:
    """Ask for a role for somebody."""
    await _change(services, caller, "/grant-requests", body, key)


async def revoke(
    services: Services, caller: Caller, person_id: UUID, body: RevocationBody, key: str
) -> None:
    """Take a role from somebody."""
    await _change(services, caller, f"/persons/{person_id}/revocation", body, key)


async def notices(services: Services, caller: Caller) -> NoticesAnswer:
    """Which notices a person does not want as mail."""
    return await services.read(caller, _MEMBERS, "/me/notices", NoticesAnswer)


async def choose_notices(services: Services, caller: Caller, body: NoticesBody) -> NoticesAnswer:
    """Say which notices a person does not want as mail."""
    return await services.put(caller, _MEMBERS, "/me/notices", NoticesAnswer, body)


async def _change(services: Services, caller: Caller, path: str, body: Body, key: str) -> None:
    # Nothing of the answer is shown: the page is drawn anew.
    await services.post(caller, _MEMBERS, path, body.as_json(), key=at_door(key, path))
