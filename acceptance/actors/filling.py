"""Lets the demo's towns buy for a year: through the same doors, at business times gone by.

In: a filled deployment. Out: orders that suppliers have answered, the last days' that they have
not, orders that wait at a desk, and what planning proposes. What was ordered stays as it is.
"""

from datetime import datetime, timedelta
from pathlib import Path

from acceptance.actors.buying import DemoBuyer, by_date
from acceptance.actors.client import DemoClient
from acceptance.actors.manners import Drawn
from acceptance.actors.readings import ListedOrderReading
from acceptance.actors.replay import Replay, market
from acceptance.actors.screen import Screen
from acceptance.actors.seeding import Seeded
from acceptance.dataset.accounts import DemoAccount
from acceptance.dataset.bodies import Body
from acceptance.dataset.past_year import waiting_orders, year_of_orders
from acceptance.dataset.plans import PROCUREMENT, Plan
from acceptance.dataset.purchases import DemoOrder
from acceptance.ledger.journal import Journal
from marktbund import clock
from marktbund.clock import BERLIN

_AT_ONCE = 4
_UNANSWERED = timedelta(days=10)


async def fill(client: DemoClient, plan: Plan, seeded: Seeded, file: Path, screen: Screen) -> int:
    """Let everybody buy what they have not bought yet; returns how many orders were made.

    file: where what was sent and told is noted. Raises an ExceptionGroup of ProblemError and
    UnreachableError.
    """
    now = clock.now()
    today = now.astimezone(BERLIN).date()
    known = await _references(client, plan, seeded)
    orders = [order for order in year_of_orders(plan, today) if order.reference not in known]
    waiting = [order for order in waiting_orders(plan, today) if order.reference not in known]
    if not orders and not waiting:
        return 0
    answered = [order for order in orders if order.first_delivery < today - _UNANSWERED]
    recent = [order for order in orders if order.first_delivery >= today - _UNANSWERED]
    offers = await market(client, plan, seeded)
    screen.progress(f"{len(orders)} orders of the past year go out, by date")
    manners = Drawn()
    with Journal(file) as journal:
        with screen.begin(len(answered), sum(len(order.vendors) for order in answered)) as bars:
            replaying = Replay(client, plan, journal, manners, bars)
            heard = DemoBuyer(client, offers, journal, manners, replaying.placed)
            await replaying.run(heard, answered)
        silent = _Silent(client, offers, journal, manners, lambda *_: None)
        await by_date(recent, silent.purchase, at_once=_AT_ONCE)
        for order in waiting:
            await silent.submit(order, now)
    await client.send(PROCUREMENT, "tender_planning", "/proposals/assessment")
    return len(orders) + len(waiting)


async def _references(client: DemoClient, plan: Plan, seeded: Seeded) -> set[str]:
    references: set[str] = set()
    for town in plan.members:
        requester = DemoAccount(town.accounts["requester"], seeded.members[town.official_key])
        listed = client.pages(
            requester,
            "orders",
            "/orders",
            ListedOrderReading,
            lambda order: order.order_id,
            size=100,
        )
        references |= {order.reference async for order in listed}
    return references


class _Silent(DemoBuyer):
    """Buys without a word to the suppliers: they will find the order."""

    async def submit(self, order: DemoOrder, at: datetime) -> None:
        """Send an order off, no further. Raises ProblemError and UnreachableError."""
        wanted: Body = {"reference": order.reference, "lines": self._wanted(order.lines)}
        await self._send(self._requester(order), "/orders", wanted, at)
