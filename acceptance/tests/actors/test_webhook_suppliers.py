"""Simulated suppliers that are called: they verify, take each document once, and answer it."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks import Webhook

from acceptance.actors.client import DemoClient
from acceptance.actors.readings import SupplierDocumentReading
from acceptance.actors.webhook_suppliers import Manner, WebhookSuppliers, manner_of
from acceptance.dataset.accounts import DemoAccount

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
OTHER = "whsec_" + "WllYV1ZVVFNSUVBPTk1MS0pJSEdGRURDQkE="
OFFICE = DemoAccount("office-1")
DOCUMENT = {
    "delivery_id": "d1",
    "document": "order",
    "supplier_order_id": "s1",
    "order_id": "o1",
    "placed_at": "2011-03-01T10:00:00+00:00",
    "lines": [],
}
BODY = json.dumps({"type": "order.placed", "data": DOCUMENT})


class Called:
    """Suppliers that listen, and a hand that calls them as the gateway does."""

    def __init__(self, suppliers: WebhookSuppliers, port: int) -> None:
        self.suppliers = suppliers
        self.url = f"http://127.0.0.1:{port}"
        self.dealt: list[SupplierDocumentReading] = []

    async def deal(self, document: SupplierDocumentReading) -> None:
        self.dealt.append(document)

    async def call(self, path: str, secret: str = SECRET, webhook_id: str = "d1") -> int:
        at = datetime.now(UTC)
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(webhook_id, at, BODY),
        }
        async with httpx.AsyncClient() as http:
            answer = await http.post(self.url + path, content=BODY, headers=headers)
        await asyncio.sleep(0)
        return answer.status_code


@pytest.fixture
async def called():
    async with asyncio.TaskGroup() as later:
        suppliers = WebhookSuppliers(later)
        async with suppliers.listening() as port:
            yield Called(suppliers, port)


async def test_a_signed_document_is_dealt_with_once(called):
    path = called.suppliers.admit("s1", SECRET, Manner(), called.deal)
    assert [await called.call(path) for _ in range(2)] == [204, 204]
    assert called.dealt == [SupplierDocumentReading.model_validate(DOCUMENT)]
    assert called.suppliers.repeated == 1
    assert await called.call(path, webhook_id="d2") == 204
    assert len(called.dealt) == 2


async def test_what_another_secret_signed_is_refused(called):
    path = called.suppliers.admit("s1", SECRET, Manner(), called.deal)
    assert await called.call(path, secret=OTHER) == 401
    assert await called.call("/stranger") == 404
    assert (called.dealt, called.suppliers.unverified) == ([], 1)
    assert await called.call(path) == 204


async def test_one_that_fails_at_first_works_later(called):
    path = called.suppliers.admit("s1", SECRET, Manner(failures=2), called.deal)
    assert [await called.call(path) for _ in range(3)] == [503, 503, 204]
    assert len(called.dealt) == 1


async def test_a_slow_one_holds_up_nobody_else(called):
    slow = called.suppliers.admit("slow", SECRET, Manner(pause_seconds=60), called.deal)
    fast = called.suppliers.admit("fast", SECRET, Manner(), called.deal)
    waiting = asyncio.create_task(called.call(slow))
    assert await called.call(fast) == 204
    assert not waiting.done()
    waiting.cancel()


async def test_a_channel_is_set_through_the_offices_door(called):
    asked = []

    def office_door(request: httpx.Request) -> httpx.Response:
        if request.url.host == "issuer":
            return httpx.Response(200, json={"access_token": "t"})
        asked.append(request)
        first = request.method == "PUT" and len(asked) == 1
        answer = {"url": called.url, "secret": SECRET if first else None}
        return httpx.Response(200, json=answer | again(request))

    def again(request: httpx.Request) -> dict:
        return {"secret": OTHER} if request.url.path.endswith("/rotation") else {}

    addresses = {"issuer": "http://issuer", "supplier_gateway": "http://gateway"}
    async with DemoClient(addresses, transport=httpx.MockTransport(office_door)) as client:
        await called.suppliers.connect(client, OFFICE, "s1", Manner(), called.deal)
        assert await called.call("/s1") == 204
        await called.suppliers.connect(client, OFFICE, "s1", Manner(), called.deal)
        assert await called.call("/s1", secret=OTHER) == 204
    put, second, rotation = asked
    assert json.loads(put.content) == {"url": f"{called.url}/s1"}
    assert put.url.path == second.url.path == "/api/supplier-gateway/v1/suppliers/s1/channel"
    assert rotation.url.path.endswith("/channel/rotation")


def test_every_manner_occurs_and_stays():
    vendors = [f"vendor {number}" for number in range(500)]
    manners = [manner_of(vendor) for vendor in vendors]
    assert manners == [manner_of(vendor) for vendor in vendors]
    seen = Counter(manners)
    assert set(seen) == {None, Manner(), Manner(pause_seconds=2.0), Manner(failures=2)}
    assert min(seen.values()) > 10
