"""The simulated requesters: real purchases as orders, by date, each at its own business time.

In: orders by date and the ids of members and articles. Out: placed orders, a few taken back at
once, all noted in the journal.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from deploy.demo.assortment import draw
from deploy.demo.client import Account, Client, Problem
from deploy.demo.journal import Journal, Ordered, SentLine, TakenBack
from deploy.demo.manners import Manners
from deploy.demo.purchases import DemoOrder
from marktbund.clock import BERLIN

NOT_YET_HEARD = frozenset(
    {"not_authorised", "member_not_active", "article_unknown", "article_withdrawn"}
)
"""What orders says while news of members, suppliers and articles is still on its way to it."""

_NOTHING_TO_CANCEL = "nothing_to_cancel"


@dataclass(frozen=True, slots=True)
class Market:
    """Ids: member by country, article by (vendor, article number)."""

    members: Mapping[str, str]
    articles: Mapping[tuple[str, str], str]


def business_time(order: DemoOrder) -> datetime:
    """When an order is placed: in office hours in Berlin of the day its first line is due."""
    minutes = draw(9 * 60, "placed", *order.identity)
    opening = datetime.combine(order.first_delivery, time(8), BERLIN)
    return (opening + timedelta(minutes=minutes)).astimezone(UTC)


class Requesters:
    """Place orders; `placed` hears of each one with its vendors and whether it was taken back."""

    def __init__(
        self,
        client: Client,
        market: Market,
        journal: Journal,
        manners: Manners,
        placed: Callable[[DemoOrder, Ordered, bool], None],
    ) -> None:
        self._client = client
        self._market = market
        self._journal = journal
        self._manners = manners
        self._placed = placed
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self, orders: Iterable[DemoOrder], *, at_once: int) -> None:
        """Place all orders by date, `at_once` side by side, each requester's own in their order.

        Raises an ExceptionGroup of Problem and UnreachableError.
        """
        queue = iter(sorted(orders, key=lambda order: (business_time(order), order.member)))

        async def work() -> None:
            for order in queue:
                # Locks are handed over in the order they were asked for, which is by date.
                async with self._one_at_a_time[order.requester]:
                    await self._place(order)

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())

    async def _place(self, order: DemoOrder) -> None:
        member_id = self._market.members[order.member]
        requester = Account(order.requester, member_id)
        at = business_time(order)
        receipt = await self._client.send(
            requester, "orders", "/orders", self._wanted(order), at=at, awaiting=NOT_YET_HEARD
        )
        placed = Ordered(
            order_id=receipt["order_id"],
            member=order.member,
            member_id=member_id,
            month=order.month,
            requester=order.requester,
            lines=tuple(_sent_lines(order)),
            net_total=Decimal(receipt["net_total"]),
            supplier_order_ids=tuple(receipt["supplier_order_ids"]),
        )
        self._journal.note(placed)
        self._manners.placed(order, placed.order_id)
        reason = self._manners.takes_back(order)
        taken_back = False
        if reason is not None:
            status = await self._take_back(requester, placed.order_id, reason, at)
            self._journal.note(TakenBack(placed.order_id, reason, status))
            taken_back = status == "cancelled"
        self._placed(order, placed, taken_back)

    async def _take_back(self, requester: Account, order_id: str, reason: str, at: datetime) -> str:
        try:
            path = f"/orders/{order_id}/cancellation"
            body = {"reason": reason}
            receipt = await self._client.send(requester, "orders", path, body, at=at)
        except Problem as problem:
            if problem.code != _NOTHING_TO_CANCEL:
                raise
            return problem.code
        return str(receipt["status"])

    def _wanted(self, order: DemoOrder) -> dict[str, Any]:
        return {
            "reference": " ".join(order.identity),
            "lines": [
                {
                    "article_id": self._market.articles[
                        line.article.vendor, line.article.article_number
                    ],
                    "quantity": line.quantity,
                    "requested_delivery_date": line.scheduled_delivery.isoformat(),
                }
                for line in order.lines
            ],
        }


def _sent_lines(order: DemoOrder) -> list[SentLine]:
    return [
        SentLine(
            line_no=number,
            line_id=line.line_id,
            vendor=line.article.vendor,
            article_number=line.article.article_number,
            cpv=line.article.cpv,
            quantity=line.quantity,
            price=line.article.price,
            line_value=line.line_value,
        )
        for number, line in enumerate(order.lines, 1)
    ]
