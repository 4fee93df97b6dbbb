"""Suppliers whose systems are called: a receiver on loopback that verifies, and deals with orders.

In: calls signed per Standard Webhooks, as the gateway makes them. Out: 204 at once, each document
once to whoever deals with it. Some are slow, some fail at first, and none takes an unsigned word.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from acceptance.actors.client import DemoClient
from acceptance.actors.readings import SupplierCallReading, SupplierDocumentReading
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.assortment import draw
from marktbund.contracts.http.supplier_gateway import ChannelSetAnswer
from marktbund.testing.receiver import Heard, Reply, listening

Deal = Callable[[SupplierDocumentReading], Awaitable[None]]
"""Deals with the `data` of a call: a document as `/deliveries` shows it."""

_PUSHED_PERCENT = 60
_SLOW_PERCENT = 10
_FAILING_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Manner:
    """How a supplier's system behaves.

    pause_seconds: before it answers a call. failures: calls it answers with 503 before it works.
    """

    pause_seconds: float = 0.0
    failures: int = 0


def manner_of(vendor: str) -> Manner | None:
    """The same vendor behaves the same in every run; None: it fetches, nobody calls it."""
    if draw(100, "channel", vendor) >= _PUSHED_PERCENT:
        return None
    drawn = draw(100, "endpoint", vendor)
    if drawn < _SLOW_PERCENT:
        return Manner(pause_seconds=2.0)
    if drawn < _SLOW_PERCENT + _FAILING_PERCENT:
        return Manner(failures=2)
    return Manner()


@dataclass(slots=True)
class _Endpoint:
    manner: Manner
    deal: Deal
    secret: str = ""
    calls: int = 0
    seen: set[str] = field(default_factory=set)


class WebhookSuppliers:
    """The endpoints of many suppliers, one path each.

    later: where documents are dealt with, after the call was answered. unverified, repeated: calls
    that were refused, and documents that came again.
    """

    def __init__(self, later: asyncio.TaskGroup) -> None:
        self._later = later
        self._endpoints: dict[str, _Endpoint] = {}
        self._port = 0
        self.unverified = 0
        self.repeated = 0

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[int]:
        """Take calls until the end of the block, on this port or a free one."""
        async with listening(self._take, port=port) as endpoint:
            self._port = endpoint.port
            yield endpoint.port

    async def connect(
        self, client: DemoClient, office: DemoAccount, supplier_id: str, manner: Manner, deal: Deal
    ) -> None:
        """Set the supplier's channel through the office's door; calls may come from now on."""
        endpoint = self._endpoints[supplier_id] = _Endpoint(manner, deal)
        path = f"/suppliers/{supplier_id}/channel"
        url = f"http://127.0.0.1:{self._port}/{supplier_id}"
        secret = _secret(
            await client.send(office, "supplier_gateway", path, {"url": url}, method="PUT")
        )
        if secret is None:  # set before, by a run that knew the secret
            rotated = await client.send(office, "supplier_gateway", f"{path}/rotation")
            secret = _secret(rotated)
        endpoint.secret = secret or ""

    def admit(self, name: str, secret: str, manner: Manner, deal: Deal) -> str:
        """Take calls for a channel set by others; returns its path."""
        self._endpoints[name] = _Endpoint(manner, deal, secret)
        return f"/{name}"

    async def _take(self, heard: Heard) -> Reply:
        endpoint = self._endpoints.get(heard.path.removeprefix("/"))
        if endpoint is None:
            return Reply(404)
        endpoint.calls += 1
        await asyncio.sleep(endpoint.manner.pause_seconds)
        if endpoint.calls <= endpoint.manner.failures:
            return Reply(503)
        if not _verified(endpoint.secret, heard):
            self.unverified += 1
            return Reply(401)
        webhook_id = heard.headers["webhook-id"]
        if webhook_id in endpoint.seen:
            self.repeated += 1
            return Reply(204)
        endpoint.seen.add(webhook_id)
        self._later.create_task(_deal(endpoint.deal, heard.body))
        return Reply(204)


async def _deal(deal: Deal, body: bytes) -> None:
    await deal(SupplierCallReading.model_validate_json(body).data)


def _secret(content: bytes) -> str | None:
    return ChannelSetAnswer.model_validate_json(content).secret


def _verified(secret: str, heard: Heard) -> bool:
    if not secret:
        return False  # set, but the answer with the secret is still on its way: tried again
    try:
        Webhook(secret).verify(heard.body, dict(heard.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
