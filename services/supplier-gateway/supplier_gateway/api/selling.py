"""Doors of the suppliers: fetch, acknowledge, answer, send. Who asks is the token's `sub`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from marktbund.auth import Subject
from marktbund.contracts.http.supplier_gateway import (
    AcknowledgementAnswer,
    DespatchAnswer,
    ResponseAnswer,
    SupplierOrderAnswer,
    SupplierOrderDetailAnswer,
    WaitingDeliveryAnswer,
)
from marktbund.errors import Forbidden
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from marktbund.quotas import count_request
from supplier_gateway import handlers
from supplier_gateway.commands import AdviseDespatch, AnswerOrder
from supplier_gateway.views import supplier_orders as views
from supplier_gateway.views import suppliers
from supplier_gateway.views.supplier_orders import Cursor, DeliveryPage
from supplier_gateway.views.suppliers import SellingAccount

router = APIRouter()


async def _seller(request: Request, sub: Subject) -> SellingAccount:
    async with request.app.state.database.reading() as connection:
        seller = await suppliers.seller(connection, sub)
    count_request(request, sub, machine=True)
    if seller is None:
        raise Forbidden(
            "not_authorised",
            "Kein Zugang",
            "Dieses Konto spricht für keinen zugelassenen Lieferanten.",
            way_out="Wenden Sie sich an die Geschäftsstelle.",
        )
    return seller


Selling = Annotated[SellingAccount, Depends(_seller)]


@router.get("/deliveries")
async def list_deliveries(
    seller: Selling, reading: Reading, after: Cursor | None = None, limit: DeliveryPage = 100
) -> list[WaitingDeliveryAnswer]:
    return await views.deliveries(reading, seller.supplier_id, after, limit)


@router.post("/deliveries/{delivery_id}/acknowledgement")
async def acknowledge_delivery(
    delivery_id: UUID, seller: Selling, uow: Uow
) -> AcknowledgementAnswer:
    delivery = await handlers.acknowledge_delivery(seller.supplier_id, delivery_id, uow)
    return AcknowledgementAnswer.model_validate(delivery)


@router.get("/supplier-orders")
async def list_supplier_orders(
    seller: Selling,
    reading: Reading,
    open_: Annotated[bool, Query(alias="open")] = False,
    after: Cursor | None = None,
    limit: DeliveryPage = 100,
) -> list[SupplierOrderAnswer]:
    return await views.supplier_orders(reading, seller.supplier_id, after, limit, open_=open_)


@router.get("/supplier-orders/{supplier_order_id}")
async def show_supplier_order(
    supplier_order_id: UUID, seller: Selling, reading: Reading
) -> SupplierOrderDetailAnswer:
    return await views.supplier_order(reading, seller.supplier_id, supplier_order_id)


@router.post(
    "/supplier-orders/{supplier_order_id}/responses", status_code=201, response_model=ResponseAnswer
)
async def answer_order(
    supplier_order_id: UUID, command: AnswerOrder, seller: Selling, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> ResponseAnswer:
        response = await handlers.answer_order(seller.supplier_id, supplier_order_id, command, uow)
        return ResponseAnswer.model_validate(response)

    return await once(work)


@router.post(
    "/supplier-orders/{supplier_order_id}/despatches",
    status_code=201,
    response_model=DespatchAnswer,
)
async def advise_despatch(
    supplier_order_id: UUID, command: AdviseDespatch, seller: Selling, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> DespatchAnswer:
        despatch = await handlers.advise_despatch(
            seller.supplier_id, supplier_order_id, command, uow
        )
        return DespatchAnswer.model_validate(despatch)

    return await once(work)
