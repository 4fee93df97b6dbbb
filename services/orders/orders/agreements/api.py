"""Doors of the office to framework agreements, and of members to those they may call off from."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from marktbund.auth import Actor, Official, cooperative_role, member_role
from marktbund.contracts.http.agreements import (
    AgreementAnswer,
    AgreementChangeAnswer,
    AgreementSummaryAnswer,
    MemberAgreementAnswer,
)
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from orders.agreements import handlers, views
from orders.agreements.commands import AgreementBody, DraftAgreement, Number, ProposeChange
from orders.agreements.views import PageSize

router = APIRouter()

Office = Annotated[Official, Depends(cooperative_role("office"))]
Informed = Annotated[Official, Depends(cooperative_role("office", "procurement", "auditor"))]
Reader = Annotated[Actor, Depends(member_role("requester", "approver", "award_office", "auditor"))]


@router.post("/agreements", status_code=201, response_model=AgreementAnswer)
async def draft_agreement(
    command: DraftAgreement, office: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> AgreementAnswer:
        drafted = await handlers.draft_agreement(command, office.person_id, uow)
        return await views.agreement(uow.connection, drafted.agreement_id)

    return await once(work)


@router.get("/agreements")
async def list_agreements(
    _: Informed,
    reading: Reading,
    after: UUID | None = None,
    limit: PageSize = 50,
    undecided: bool = False,
) -> list[AgreementSummaryAnswer]:
    return await views.agreements(reading, after, limit, undecided=undecided)


@router.get("/agreements/{agreement_id}")
async def show_agreement(agreement_id: UUID, _: Informed, reading: Reading) -> AgreementAnswer:
    return await views.agreement(reading, agreement_id)


@router.put("/agreements/{agreement_id}")
async def revise_agreement(
    agreement_id: UUID, command: AgreementBody, office: Office, uow: Uow
) -> AgreementAnswer:
    await handlers.revise_agreement(agreement_id, command, office.person_id, uow)
    return await views.agreement(uow.connection, agreement_id)


@router.post("/agreements/{agreement_id}/confirmation")
async def confirm_agreement(agreement_id: UUID, office: Office, uow: Uow) -> AgreementAnswer:
    await handlers.confirm_agreement(agreement_id, office.person_id, uow)
    return await views.agreement(uow.connection, agreement_id)


@router.post(
    "/agreements/{agreement_id}/changes", status_code=201, response_model=AgreementChangeAnswer
)
async def propose_change(
    agreement_id: UUID, command: ProposeChange, office: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> AgreementChangeAnswer:
        change = await handlers.propose_change(agreement_id, command, office.person_id, uow)
        return AgreementChangeAnswer.model_validate(change)

    return await once(work)


@router.post("/agreements/{agreement_id}/changes/{change_no}/approval")
async def approve_change(
    agreement_id: UUID, change_no: Number, office: Office, uow: Uow
) -> AgreementAnswer:
    await handlers.approve_change(agreement_id, change_no, office.person_id, uow)
    return await views.agreement(uow.connection, agreement_id)


@router.post("/agreements/{agreement_id}/end")
async def end_agreement(agreement_id: UUID, office: Office, uow: Uow) -> AgreementAnswer:
    await handlers.end_agreement(agreement_id, office.person_id, uow)
    return await views.agreement(uow.connection, agreement_id)


@router.get("/member-agreements")
async def list_own_agreements(actor: Reader, reading: Reading) -> list[MemberAgreementAnswer]:
    return await views.of_member(reading, actor.member_id)
