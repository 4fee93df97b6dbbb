"""Doors of a requester: order, look, take back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from marktbund.admission import Admission, AdmittedRoute, admitted
from marktbund.auth import Actor, member_role
from marktbund.contracts.http.orders import (
    CircumstancesAnswer,
    OrderAnswer,
    OrderReceiptAnswer,
    OrderSummaryAnswer,
    RouteDecisionAnswer,
    WaitingAnswer,
)
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from marktbund.statements import Answers
from orders.ordering import handlers
from orders.ordering.commands.orders import CancelOrder, CheckRoute, CreateOrder, SubmitOrder
from orders.ordering.domain.spot_orders import SpotOrder, Status
from orders.ordering.views import circumstances
from orders.ordering.views import orders as views
from orders.ordering.views.orders import PageSize, receipt_of

router = APIRouter(route_class=AdmittedRoute)

AdmittedRequester = Annotated[Admission, Depends(admitted("requester"), scope="function")]
Requester = Annotated[Actor, Depends(member_role("requester"))]
Reader = Annotated[Actor, Depends(member_role("requester", "approver", "award_office", "auditor"))]


@router.post("/orders", status_code=201, response_model=OrderReceiptAnswer)
async def create_order(
    command: CreateOrder, admission: AdmittedRequester, uow: Uow
) -> JSONResponse:
    def answering(order: SpotOrder) -> None:
        admission.answer(receipt_of(order))

    async def work(actor: Actor, known: Answers) -> None:
        await handlers.create_order(command, actor, uow, known, answering)

    return await admission(lambda member_id: handlers.asked(command, member_id), work)


@router.post("/route-checks")
async def check_route(command: CheckRoute, actor: Requester, uow: Uow) -> RouteDecisionAnswer:
    decision = await handlers.check_route(command, actor, uow)
    return RouteDecisionAnswer.model_validate(decision)


@router.get("/orders")
async def list_orders(
    actor: Reader,
    reading: Reading,
    after: UUID | None = None,
    limit: PageSize = 50,
    status: Annotated[tuple[Status, ...], Query(max_length=20)] = (),
) -> list[OrderSummaryAnswer]:
    return await views.orders(reading, actor.member_id, after, limit, status)


@router.get("/orders/{order_id}")
async def show_order(order_id: UUID, actor: Reader, reading: Reading) -> OrderAnswer:
    return await views.order(reading, order_id, actor.member_id)


@router.get("/orders/{order_id}/circumstances")
async def show_circumstances(
    order_id: UUID, actor: Reader, reading: Reading
) -> CircumstancesAnswer:
    return await circumstances.of_order(reading, order_id, actor.member_id)


@router.get("/waiting")
async def count_waiting(actor: Reader, reading: Reading) -> WaitingAnswer:
    return await circumstances.waiting(reading, actor.member_id)


@router.post("/orders/{order_id}/submission", status_code=201, response_model=OrderReceiptAnswer)
async def submit_order(
    order_id: UUID,
    actor: Requester,
    once: Idempotent,
    uow: Uow,
    command: SubmitOrder | None = None,
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_of(await handlers.submit_order(order_id, actor, uow, command))

    return await once(work)


@router.post("/orders/{order_id}/cancellation", status_code=201, response_model=OrderReceiptAnswer)
async def cancel_order(
    order_id: UUID, command: CancelOrder, actor: Requester, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_of(await handlers.cancel_order(order_id, command, actor, uow))

    return await once(work)
