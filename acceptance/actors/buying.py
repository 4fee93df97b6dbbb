"""The simulated requesters: real purchases as orders, by date, each at its own business time.

In: orders by date and the ids of members and articles. Out: placed orders, a few taken back at
once, all noted in the journal.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from acceptance.actors.client import DemoClient, ProblemError
from acceptance.actors.frameworks import ArticleKey, CatalogueOffer
from acceptance.actors.manners import Manners
from acceptance.actors.readings import ReceiptReading, StatusReading
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.assortment import draw
from acceptance.dataset.bodies import Body
from acceptance.dataset.purchases import DemoOrder, DemoOrderLine
from acceptance.ledger.journal import Journal, Ordered, SentLine, Submitted, TakenBack
from acceptance.ledger.settling import net_of
from marktbund.clock import BERLIN

NOT_YET_HEARD = frozenset(
    {"not_authorised", "member_not_active", "article_unknown", "article_withdrawn"}
)
"""What orders says while news of members, suppliers and articles is still on its way to it."""

_NOTHING_TO_CANCEL = "nothing_to_cancel"


@dataclass(frozen=True, slots=True)
class Market:
    """What the catalogue and the registers say: members by name, offers by article, suppliers."""

    members: Mapping[str, str]
    offers: Mapping[ArticleKey, CatalogueOffer]
    suppliers: Mapping[str, str] = field(default_factory=dict)


def business_time(order: DemoOrder) -> datetime:
    """When an order is placed: in office hours in Berlin of the day its first line is due."""
    minutes = draw(9 * 60, "placed", *order.identity)
    opening = datetime.combine(order.first_delivery, time(8), BERLIN)
    return (opening + timedelta(minutes=minutes)).astimezone(UTC)


async def by_date(
    orders: Iterable[DemoOrder],
    purchase: Callable[[DemoOrder], Awaitable[None]],
    *,
    at_once: int,
) -> None:
    """Make all purchases by date, `at_once` side by side, each requester's own in their order.

    Raises an ExceptionGroup of what `purchase` raises.
    """
    queue = iter(sorted(orders, key=lambda order: (business_time(order), order.member)))
    one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def work() -> None:
        for order in queue:
            # Locks are handed over in the order they were asked for, which is by date.
            async with one_at_a_time[order.requester]:
                await purchase(order)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


class DemoBuyer:
    """Buys where no rules stand in the way.

    placed: hears of each order that became binding, and whether it was taken back.
    """

    def __init__(
        self,
        client: DemoClient,
        market: Market,
        journal: Journal,
        manners: Manners,
        placed: Callable[[Ordered, bool], None],
    ) -> None:
        self._client = client
        self._market = market
        self._journal = journal
        self._manners = manners
        self._placed = placed

    async def run(self, orders: Sequence[DemoOrder], *, at_once: int) -> None:
        """Make all purchases. Raises an ExceptionGroup of ProblemError and UnreachableError."""
        await by_date(orders, self.purchase, at_once=at_once)

    async def purchase(self, order: DemoOrder) -> None:
        """Place one order. Raises ProblemError and UnreachableError."""
        at = business_time(order)
        wanted: Body = {"reference": order.reference, "lines": self._wanted(order.lines)}
        receipt = await self._order(self._requester(order), "/orders", wanted, at)
        self._journal.note(Submitted(receipt.order_id, order.member, "spot", receipt.net_total))
        await self._keep(order, order.lines, receipt, at)

    async def _send(self, who: DemoAccount, path: str, body: Body | None, at: datetime) -> bytes:
        return await self._client.send(who, "orders", path, body, at=at, awaiting=NOT_YET_HEARD)

    async def _order(
        self, who: DemoAccount, path: str, body: Body | None, at: datetime
    ) -> ReceiptReading:
        return ReceiptReading.model_validate_json(await self._send(who, path, body, at))

    def _requester(self, order: DemoOrder) -> DemoAccount:
        return DemoAccount(order.requester, self._market.members[order.member])

    async def _keep(
        self,
        order: DemoOrder,
        lines: Sequence[DemoOrderLine],
        receipt: ReceiptReading,
        at: datetime,
    ) -> None:
        placed = Ordered(
            order_id=receipt.order_id,
            member=order.member,
            member_id=self._market.members[order.member],
            month=f"{at.astimezone(BERLIN):%Y-%m}",
            requester=order.requester,
            lines=sent_lines(lines),
            net_total=receipt.net_total,
            supplier_order_ids=receipt.supplier_order_ids,
            kind=receipt.order_kind,
            agreement_id=receipt.agreement_id or "",
        )
        self._journal.note(placed)
        self._manners.placed(placed)
        reason = self._manners.takes_back(order)
        taken_back = False
        if reason is not None:
            status = await self._take_back(self._requester(order), placed.order_id, reason, at)
            self._journal.note(TakenBack(placed.order_id, reason, status))
            taken_back = status == "cancelled"
        self._placed(placed, taken_back)

    async def _take_back(
        self, requester: DemoAccount, order_id: str, reason: str, at: datetime
    ) -> str:
        try:
            path = f"/orders/{order_id}/cancellation"
            body = {"reason": reason}
            content = await self._client.send(requester, "orders", path, body, at=at)
        except ProblemError as problem:
            if problem.code != _NOTHING_TO_CANCEL:
                raise
            return problem.code
        return StatusReading.model_validate_json(content).status

    def _wanted(self, lines: Sequence[DemoOrderLine]) -> list[Body]:
        return [
            {
                "article_id": self._market.offers[
                    line.article.vendor, line.article.article_number
                ].article_id,
                "quantity": line.quantity,
                "requested_delivery_date": line.scheduled_delivery.isoformat(),
            }
            for line in lines
        ]


def sent_lines(lines: Sequence[DemoOrderLine]) -> tuple[SentLine, ...]:
    """The lines as the journal keeps them, numbered as they are sent."""
    return tuple(
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
        for number, line in enumerate(lines, 1)
    )


def quotes(lines: Sequence[DemoOrderLine], at: datetime) -> list[Body]:
    """Two offers from outside the marketplace, as a requester adds them to an order."""
    value = net_of(sent_lines(lines))
    return [
        {
            "supplier_name": f"Angebot {number}",
            "net_total": value + number,
            "quoted_on": at.date().isoformat(),
        }
        for number in (1, 2)
    ]
