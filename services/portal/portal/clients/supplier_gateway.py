"""Doors of supplier-gateway to a supplier's people. All raise Refused and Unavailable."""

from uuid import UUID

from marktbund.contracts.http.supplier_gateway import (
    SupplierOrderAnswer,
    SupplierOrderDetailAnswer,
)
from portal.clients.bodies import Body, DespatchBody, ResponseBody
from portal.clients.services import Caller, Question, Services
from portal.domain.keys import at_door

_GATEWAY = "supplier_gateway"


async def supplier_orders(
    services: Services, caller: Caller, limit: int, after: UUID | None = None, *, open_: bool
) -> list[SupplierOrderAnswer]:
    """The supplier's orders, oldest first; open_: those that wait for a word."""
    question: Question = {"limit": limit, "after": after, "open": str(open_).lower()}
    path = "/supplier-orders"
    return await services.read(caller, _GATEWAY, path, list[SupplierOrderAnswer], question)


async def supplier_order(
    services: Services, caller: Caller, supplier_order_id: UUID
) -> SupplierOrderDetailAnswer:
    """An order of the supplier with what was sent off."""
    path = f"/supplier-orders/{supplier_order_id}"
    return await services.read(caller, _GATEWAY, path, SupplierOrderDetailAnswer)


async def respond(
    services: Services, caller: Caller, supplier_order_id: UUID, body: ResponseBody, key: str
) -> None:
    """Answer lines of an order."""
    await _change(services, caller, f"/supplier-orders/{supplier_order_id}/responses", body, key)


async def despatch(
    services: Services, caller: Caller, supplier_order_id: UUID, body: DespatchBody, key: str
) -> None:
    """Say what was sent off."""
    await _change(services, caller, f"/supplier-orders/{supplier_order_id}/despatches", body, key)


async def _change(services: Services, caller: Caller, path: str, body: Body, key: str) -> None:
    # Nothing of the answer is shown: the page is drawn anew.
    await services.post(caller, _GATEWAY, path, body.as_json(), key=at_door(key, path))
