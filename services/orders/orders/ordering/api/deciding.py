"""Doors of approvers, award offices and auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from marktbund.auth import Actor, member_role
from marktbund.contracts.http.orders import (
    AwardRequestAnswer,
    DecisionReplayAnswer,
    OrderReceiptAnswer,
    WaitingApprovalAnswer,
)
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from orders.ordering import handlers
from orders.ordering.commands.deciding import (
    DecideApproval,
    RecordAward,
    RecordOffers,
    ReleaseOrder,
)
from orders.ordering.views import deciding as views
from orders.ordering.views.orders import PageSize, receipt_after, receipt_of

router = APIRouter()

Approver = Annotated[Actor, Depends(member_role("approver"))]
AwardOffice = Annotated[Actor, Depends(member_role("award_office"))]
Reader = Annotated[Actor, Depends(member_role("requester", "approver", "award_office", "auditor"))]
Checker = Annotated[Actor, Depends(member_role("award_office", "auditor"))]


@router.get("/approvals")
async def list_approvals(
    actor: Approver, reading: Reading, after: UUID | None = None, limit: PageSize = 50
) -> list[WaitingApprovalAnswer]:
    return await views.waiting_approvals(reading, actor.member_id, after, limit)


@router.post("/orders/{order_id}/approval", status_code=201, response_model=OrderReceiptAnswer)
async def decide_approval(
    order_id: UUID, command: DecideApproval, actor: Approver, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_after(await handlers.decide_approval(order_id, command, actor, uow))

    return await once(work)


@router.post("/orders/{order_id}/offers", status_code=201, response_model=OrderReceiptAnswer)
async def record_offers(
    order_id: UUID, command: RecordOffers, actor: AwardOffice, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_after(await handlers.record_offers(order_id, command, actor, uow))

    return await once(work)


@router.post("/orders/{order_id}/release", status_code=201, response_model=OrderReceiptAnswer)
async def release_order(
    order_id: UUID, command: ReleaseOrder, actor: AwardOffice, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_after(await handlers.release_order(order_id, command, actor, uow))

    return await once(work)


@router.get("/orders/{order_id}/award-request")
async def show_award_request(order_id: UUID, actor: Reader, reading: Reading) -> AwardRequestAnswer:
    return await views.award_request(reading, order_id, actor.member_id)


@router.post("/orders/{order_id}/award", status_code=201, response_model=OrderReceiptAnswer)
async def record_award(
    order_id: UUID, command: RecordAward, actor: AwardOffice, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_of(await handlers.record_award(order_id, command, actor, uow))

    return await once(work)


@router.post("/orders/{order_id}/decision-replay")
async def replay_decision(order_id: UUID, actor: Checker, uow: Uow) -> DecisionReplayAnswer:
    replayed = await handlers.replay_decision(order_id, actor, uow)
    return DecisionReplayAnswer.model_validate(replayed)
