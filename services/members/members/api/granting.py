"""HTTP doors of roles: for the office, and for a member's administration within its member."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from marktbund.auth import AnyAccount
from marktbund.contracts.http.members import GrantedAnswer, RequestAnswer, RoleHolderAnswer
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from members import handlers, views
from members.api.paging import PageSize, cut
from members.commands import AskForRole, DecideRequest, RegisterColleague, RevokeRole

router = APIRouter()


@router.get("/grant-requests")
async def list_requests(
    account: AnyAccount,
    reading: Reading,
    response: Response,
    after: UUID | None = None,
    limit: PageSize = 100,
) -> list[RequestAnswer]:
    rows = await views.waiting_requests(reading, account, after, limit + 1)
    return cut(response, rows, limit, lambda request: request.request_id)


@router.post("/grant-requests", status_code=201, response_model=GrantedAnswer)
async def ask_for_role(
    command: AskForRole, account: AnyAccount, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> GrantedAnswer:
        person = await handlers.ask_for_role(command, account.person_id, uow)
        return await views.granted(uow.connection, person.person_id, account)

    return await once(work)


@router.post("/grant-requests/{request_id}/confirmation")
async def confirm_request(
    request_id: UUID, command: DecideRequest, account: AnyAccount, uow: Uow
) -> GrantedAnswer:
    person = await handlers.confirm_request(request_id, command, account.person_id, uow)
    return await views.granted(uow.connection, person.person_id, account)


@router.post("/grant-requests/{request_id}/refusal")
async def refuse_request(
    request_id: UUID, command: DecideRequest, account: AnyAccount, uow: Uow
) -> GrantedAnswer:
    person = await handlers.refuse_request(request_id, command, account.person_id, uow)
    return await views.granted(uow.connection, person.person_id, account)


@router.post("/persons/{person_id}/revocation")
async def revoke_role(
    person_id: UUID, command: RevokeRole, account: AnyAccount, uow: Uow
) -> GrantedAnswer:
    await handlers.revoke_role(person_id, command, account.person_id, uow)
    return await views.granted(uow.connection, person_id, account)


@router.post("/members/{member_id}/people", status_code=201, response_model=GrantedAnswer)
async def register_colleague(
    member_id: UUID, command: RegisterColleague, account: AnyAccount, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> GrantedAnswer:
        person = await handlers.register_colleague(member_id, command, account.person_id, uow)
        return await views.granted(uow.connection, person.person_id, account)

    return await once(work)


@router.get("/members/{member_id}/people")
async def list_role_holders(
    member_id: UUID,
    account: AnyAccount,
    reading: Reading,
    response: Response,
    after: UUID | None = None,
    limit: PageSize = 100,
) -> list[RoleHolderAnswer]:
    rows = await views.role_holders(reading, member_id, account, after, limit + 1)
    return cut(response, rows, limit, lambda holder: holder.person_id)
