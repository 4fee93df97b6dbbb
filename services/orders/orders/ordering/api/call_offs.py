"""Doors of a requester to agreements: check a call-off, place it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from marktbund.auth import Actor, member_role
from marktbund.contracts.http.agreements import CallOffCheckAnswer
from marktbund.contracts.http.orders import OrderReceiptAnswer
from marktbund.http import Uow
from marktbund.idempotency import Idempotent
from orders.agreements.face import ports as agreements
from orders.ordering import handlers
from orders.ordering.commands.call_offs import CallOff
from orders.ordering.views.orders import receipt_of

router = APIRouter()

Requester = Annotated[Actor, Depends(member_role("requester"))]


@router.post("/call-off-checks")
async def check_call_off(command: CallOff, actor: Requester, uow: Uow) -> CallOffCheckAnswer:
    return agreements.checked_call_off(await handlers.check_call(command, actor, uow))


@router.post("/call-offs", status_code=201, response_model=OrderReceiptAnswer)
async def call_off(command: CallOff, actor: Requester, once: Idempotent, uow: Uow) -> JSONResponse:
    async def work() -> OrderReceiptAnswer:
        return receipt_of(await handlers.call_off(command, actor, uow))

    return await once(work)
