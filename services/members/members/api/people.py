"""HTTP doors of accounts: for the office, and for everybody about themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from marktbund.auth import Official, Subject, cooperative_role, find_account, no_access
from marktbund.contracts.http.members import (
    ContactAnswer,
    NoticesAnswer,
    PersonAnswer,
    RegisteredAnswer,
)
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from members import handlers, views
from members.api.paging import PageSize, cut
from members.commands import ChooseNotices, GrantRoles, RegisterPerson, SetContact

router = APIRouter()

Office = Annotated[Official, Depends(cooperative_role("office"))]


async def _myself(request: Request, sub: Subject) -> str:
    account = await find_account(request, sub)
    if account is not None and not account.active:
        raise no_access()
    return sub


Myself = Annotated[str, Depends(_myself)]


@router.post("/persons", status_code=201, response_model=RegisteredAnswer)
async def register_person(
    command: RegisterPerson, office: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> RegisteredAnswer:
        person = await handlers.register_person(command, office.person_id, uow)
        return await views.registered(uow.connection, person.person_id, office.person_id)

    return await once(work)


@router.get("/persons")
async def list_persons(
    _: Office,
    reading: Reading,
    response: Response,
    after: UUID | None = None,
    limit: PageSize = 100,
) -> list[PersonAnswer]:
    rows = await views.persons(reading, after, limit + 1)
    return cut(response, rows, limit, lambda person: person.person_id)


@router.get("/me")
async def me(sub: Myself, reading: Reading) -> PersonAnswer:
    return await views.person_by_sub(reading, sub)


@router.get("/me/notices")
async def my_notices(sub: Myself, reading: Reading) -> NoticesAnswer:
    return await views.notices(reading, sub)


@router.put("/me/notices")
async def choose_notices(sub: Myself, command: ChooseNotices, uow: Uow) -> NoticesAnswer:
    person = await views.person_by_sub(uow.connection, sub)
    await handlers.choose_notices(person.person_id, command, uow)
    return await views.notices(uow.connection, sub)


@router.put("/persons/{person_id}/grants")
async def grant_roles(
    person_id: UUID, command: GrantRoles, office: Office, uow: Uow
) -> RegisteredAnswer:
    await handlers.grant_roles(person_id, command, office.person_id, uow)
    return await views.registered(uow.connection, person_id, office.person_id)


@router.get("/persons/{person_id}/contact")
async def show_contact(person_id: UUID, _: Office, reading: Reading) -> ContactAnswer:
    return await views.contact(reading, person_id)


@router.put("/persons/{person_id}/contact")
async def set_contact(
    person_id: UUID, command: SetContact, office: Office, uow: Uow
) -> ContactAnswer:
    await handlers.set_contact(person_id, command, office.person_id, uow)
    return await views.contact(uow.connection, person_id)


@router.post("/persons/{person_id}/deactivation")
async def deactivate_person(person_id: UUID, office: Office, uow: Uow) -> PersonAnswer:
    closed = await handlers.deactivate_person(person_id, office.person_id, uow)
    return PersonAnswer.model_validate(closed)
