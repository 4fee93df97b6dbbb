"""Doors of the office: the supplier register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from marktbund.auth import Official, cooperative_role
from marktbund.contracts.http.supplier_gateway import SupplierAnswer
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from supplier_gateway import handlers
from supplier_gateway.commands import ChangeSupplierStatus, RegisterSupplier, ReplaceCredentials
from supplier_gateway.views import suppliers as views
from supplier_gateway.views.suppliers import PageSize

router = APIRouter()

Office = Annotated[Official, Depends(cooperative_role("office"))]
Informed = Annotated[Official, Depends(cooperative_role("office", "procurement", "operator"))]


@router.post("/suppliers", status_code=201, response_model=SupplierAnswer)
async def register_supplier(
    command: RegisterSupplier, _: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> SupplierAnswer:
        return SupplierAnswer.model_validate(await handlers.register_supplier(command, uow))

    return await once(work)


@router.get("/suppliers")
async def list_suppliers(
    _: Informed, reading: Reading, after: UUID | None = None, limit: PageSize = 100
) -> list[SupplierAnswer]:
    return await views.suppliers(reading, after, limit)


@router.put("/suppliers/{supplier_id}/credentials")
async def replace_credentials(
    supplier_id: UUID, command: ReplaceCredentials, _: Office, uow: Uow
) -> SupplierAnswer:
    changed = await handlers.replace_credentials(supplier_id, command, uow)
    return SupplierAnswer.model_validate(changed)


@router.post("/suppliers/{supplier_id}/status")
async def change_supplier_status(
    supplier_id: UUID, command: ChangeSupplierStatus, _: Office, uow: Uow
) -> SupplierAnswer:
    changed = await handlers.change_supplier_status(supplier_id, command, uow)
    return SupplierAnswer.model_validate(changed)
