"""Replays real purchases through the public doors of a running deployment.

In: purchase lines and a client. Out: a journal of everything sent and told, and what the services
know of members and suppliers. Requesters and suppliers work side by side, as they would.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from acceptance.actors.buying import DemoBuyer, Market, business_time
from acceptance.actors.client import DemoClient
from acceptance.actors.frameworks import ArticleKey, CatalogueOffer
from acceptance.actors.manners import Manners
from acceptance.actors.screen import Bars
from acceptance.actors.seeding import NOT_YET_HEARD, Seeded
from acceptance.actors.selling import Vendor
from acceptance.actors.webhook_suppliers import WebhookSuppliers, manner_of
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.plans import OFFICE, Plan
from acceptance.dataset.purchases import DemoOrder
from acceptance.ledger.journal import Journal, Ordered
from marktbund.contracts.http.catalog import ArticlesAnswer

_BUYERS = 4
_SELLERS = 4
_ARTICLES_PER_PAGE = 100
_SILENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast the replay went: real seconds until all was ordered, and until all was answered."""

    ordering_seconds: float
    answering_seconds: float


def opening(orders: Sequence[DemoOrder]) -> datetime:
    """The business time at which members and price lists are there: the day before it begins."""
    return min(business_time(order) for order in orders) - timedelta(days=1)


async def market(client: DemoClient, plan: Plan, seeded: Seeded) -> Market:
    """What the requesters order by, read from the catalogue as they would read it."""
    offers: dict[ArticleKey, CatalogueOffer] = {}

    async def look(vendor: str, supplier_id: str) -> None:
        after: int | None = 0
        while after is not None:
            page = await client.get(
                OFFICE,
                "catalog",
                "/articles",
                ArticlesAnswer,
                params={"supplier_id": supplier_id, "after": after, "limit": _ARTICLES_PER_PAGE},
                awaiting=NOT_YET_HEARD,
            )
            for article in page.articles:
                offers[vendor, article.article_number] = CatalogueOffer(
                    str(article.article_id),
                    article.comparable_group,
                    article.order_unit,
                    article.unit_price_net,
                )
            after = page.next_after

    async with asyncio.TaskGroup() as group:
        for vendor, supplier_id in seeded.suppliers.items():
            group.create_task(look(vendor, supplier_id))
    members = {member.name: seeded.members[member.official_key] for member in plan.members}
    return Market(members, offers, seeded.suppliers)


class Replay:
    """One run over the orders. All documents announced by `ring` are dealt with at its end.

    vendors: the suppliers by name; they fetch unless `connect` lets them be called.
    """

    def __init__(
        self,
        client: DemoClient,
        plan: Plan,
        journal: Journal,
        manners: Manners,
        bars: Bars,
    ) -> None:
        gate = asyncio.Semaphore(_SELLERS)
        self._client = client
        self._bars = bars
        self._news = asyncio.Event()
        self._pushed: set[str] = set()
        self.vendors = {
            supplier.name: Vendor(
                supplier.name,
                DemoAccount(supplier.sub),
                client,
                journal,
                manners,
                gate,
                self._dealt_with,
            )
            for supplier in plan.suppliers
        }

    async def connect(self, endpoints: WebhookSuppliers, suppliers: Mapping[str, str]) -> None:
        """Let those suppliers be called whose systems can be. suppliers: name -> id."""
        for name, supplier_id in suppliers.items():
            manner = manner_of(name)
            if manner is not None:
                deal = self.vendors[name].pushed
                await endpoints.connect(self._client, OFFICE, supplier_id, manner, deal)
                if not manner.failures:
                    self._pushed.add(name)

    async def run(self, buyer: DemoBuyer, orders: Sequence[DemoOrder]) -> Speed:
        """Send all orders and wait until every supplier has dealt with its own.

        After a minute without any news suppliers are no longer waited for; what is still there
        then is fetched. Raises an ExceptionGroup of ProblemError and UnreachableError.
        """
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            # Where a system fails, its people look for themselves.
            fetching = [vendor for name, vendor in self.vendors.items() if name not in self._pushed]
            working = [group.create_task(vendor.run()) for vendor in fetching]
            await buyer.run(orders, at_once=_BUYERS)
            ordered = time.monotonic()
            with suppress(TimeoutError):
                while self._waiting():
                    self._news.clear()
                    await asyncio.wait_for(self._news.wait(), _SILENCE_SECONDS)
            answered = time.monotonic()
            for task in working:
                task.cancel()
        async with asyncio.TaskGroup() as group:
            # A cancellation that reached only a part of an order was not announced to anybody.
            for vendor in self.vendors.values():
                group.create_task(vendor.fetch(group))
        return Speed(ordered - begun, answered - begun)

    def _waiting(self) -> bool:
        return any(vendor.waits for vendor in self.vendors.values())

    def placed(self, placed: Ordered, taken_back: bool) -> None:
        """Ring at every supplier of an order."""
        documents = ("order", "cancellation") if taken_back else ("order",)
        for vendor in placed.vendors:
            for document in documents:
                self.vendors[vendor].ring(placed.order_id, document)
        self._bars.ordered(len(placed.lines))

    def _dealt_with(self, document: str) -> None:
        self._news.set()
        self._bars.dealt_with(document)
