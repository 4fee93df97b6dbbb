"""Suppliers that are called: the document may be there before the requester's own receipt."""

import asyncio
from datetime import date
from decimal import Decimal

import httpx

from acceptance.actors.client import DemoClient
from acceptance.actors.manners import Returning
from acceptance.actors.readings import SupplierDocumentReading
from acceptance.actors.selling import Vendor
from acceptance.dataset.accounts import DemoAccount
from acceptance.ledger.journal import Journal, Ordered, SentLine

ADDRESSES = {name: f"http://{name}" for name in ("issuer", "supplier_gateway")}
DOCUMENT = SupplierDocumentReading.model_validate(
    {
        "delivery_id": "d1",
        "document": "order",
        "supplier_order_id": "s1",
        "order_id": "o1",
        "placed_at": "2011-03-01T10:00:00+00:00",
        "lines": [
            {
                "line_no": 1,
                "article_number": "A @ 2.55",
                "quantity": "6",
                "unit_price_net": "2.55",
                "requested_delivery_date": date(2011, 3, 1).isoformat(),
            }
        ],
    }
)


async def test_a_call_that_is_faster_than_the_receipt_is_answered_after_it(tmp_path):
    sent: list[str] = []

    def platform(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(200, json={"access_token": "token"})

    line = SentLine(1, 7, "V", "A @ 2.55", "39112000", Decimal(6), Decimal("2.55"), Decimal("15.3"))
    order = Ordered("o1", "m", "m1", "2011-03", "r", (line,), Decimal("15.30"), ("s1",))
    manners, done = Returning({7: 2}), []
    with Journal(tmp_path / "journal.jsonl") as journal:
        async with DemoClient(ADDRESSES, transport=httpx.MockTransport(platform)) as client:
            gate = asyncio.Semaphore(1)
            vendor = Vendor("V", DemoAccount("sub"), client, journal, manners, gate, done.append)
            called = asyncio.create_task(vendor.pushed(DOCUMENT))
            await asyncio.sleep(0)
            assert (sent, journal.answered) == ([], [])
            manners.placed(order)
            vendor.ring("o1", "order")
            await called
        assert [word.quantity for word in journal.answered[0].words] == [Decimal(4)]
    assert sent[-1].endswith("/supplier-orders/s1/responses")
    assert (done, vendor.waits) == (["order"], False)
