"""What tests of a supplier's pages share: an order of one line, and its seller signed in."""

from typing import Any
from uuid import UUID

from marktbund import clock
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork
from portal.store import replicas
from services.portal.tests import facts

SHARE = str(UUID(int=11))
INCOMING = f"/api/supplier-gateway/v1/supplier-orders/{SHARE}"
LINE = {
    "line_no": 3,
    "article_id": facts.ARTICLE,
    "cpv": "30197643",
    "quoted_on": None,
    "agreed_unit_price_net": None,
    "name": "Papier",
    "article_number": "BW-1",
    "quantity": "20",
    "order_unit": "XPK",
    "unit_price_net": "12.5",
    "net_amount": "250.00",
    "vat_rate": "19",
    "requested_delivery_date": None,
    "promised_date": None,
    "agreed_quantity": None,
    "despatched_quantity": "0",
}


def incoming(**different: Any) -> dict[str, Any]:
    """Their order, as supplier-gateway answers it."""
    usual = {
        "supplier_order_id": SHARE,
        "order_id": facts.ORDER,
        "member_id": str(facts.KOELN),
        "acting_member_id": str(facts.KOELN),
        "status": "placed",
        "placed_at": "2026-11-26T09:00:00Z",
        "net_total": "250.00",
        "open_lines": 1,
        "cancel_reason": None,
        "delivery": None,
        "buyer_reference": "",
        "lines": [LINE | {"state": "open"}],
        "despatches": [],
    }
    return usual | different


async def seller(visitor: Any, state: str) -> None:
    """Their order waits, its line in this state."""
    supplier = SupplierState(
        version=1, supplier_id=UUID(int=6), name="Voss", status="active", subs=("seller-1",)
    )
    uow = UnitOfWork(visitor.connection, Origin("test"), clock.now())
    await replicas.keep_sellers(uow, [supplier])
    await visitor.sign_in("seller-1")
    visitor.shelf.answers["GET", INCOMING] = (200, incoming(lines=[LINE | {"state": state}]))
