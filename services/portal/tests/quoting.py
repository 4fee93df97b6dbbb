"""What tests of free-text orders share: the form as it is sent, and who sends it."""

from typing import Any
from uuid import UUID

from marktbund import clock
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.documents import pdf
from marktbund.unit_of_work import UnitOfWork
from portal.store import replicas
from services.portal.tests import facts

KOELN, SHOP, ORDER = UUID(int=5), UUID(int=6), UUID(int=7)
SHA256 = "ab" * 32
PDF = pdf()
FORM = {
    "supplier_id": str(SHOP),
    "description": "Umwälzpumpe <b>",
    "quantity": "2",
    "order_unit": "H87",
    "unit_price_net": "450,00",
    "vat_rate": "19",
    "cpv": "42122000",
    "quoted_on": "2026-03-01",
    "purpose": "Ersatz im Freibad",
    "place_name": "Bauhof",
    "place_street": "Am Bauhof 1",
    "place_postcode": "53879",
    "place_town": "Euskirchen",
    "cost_centre": "57310",
}
DOOR = "/api/orders/v1"
UPLOADED = {"sha256": SHA256, "media_type": "application/pdf", "size_bytes": len(PDF)}


async def enter(visitor) -> Any:
    """A requester signs in; orders takes documents and orders."""
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    uow = UnitOfWork(visitor.connection, Origin("test"), clock.now())
    states = [
        SupplierState(version=1, supplier_id=SHOP, name="Pumpen Voss", status="active"),
        SupplierState(version=1, supplier_id=new_id(), name="Gesperrt GmbH", status="suspended"),
    ]
    await replicas.keep_sellers(uow, states)
    visitor.shelf.answers["POST", f"{DOOR}/attachments"] = (200, UPLOADED)
    visitor.shelf.answers["POST", f"{DOOR}/orders"] = (201, facts.receipt(order_id=str(ORDER)))
    return visitor


async def send(visitor, *, file: bytes | None = PDF, **more: str):
    """Send the form off with this quote and these other fields."""
    files = {"document": ("angebot.pdf", file or b"", "application/pdf")}
    data = FORM | {"csrf": await visitor.csrf(), "key": "k" * 36} | more
    return await visitor.browser.post("/freitext", data=data, files=files)


def asked(visitor, path: str) -> list[Any]:
    """What the portal asked of orders at this place."""
    return [request for request in visitor.shelf.asked if request.url.path == f"{DOOR}{path}"]
