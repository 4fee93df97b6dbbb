"""Lets the demo's towns buy for a year, once: through the same doors, at business times gone by.

In: a filled deployment where nobody has ordered yet. Out: orders that suppliers have answered, the
last days' that they have not, orders that wait at a desk, and what planning proposes.
"""

from datetime import datetime, timedelta
from pathlib import Path

from deploy.demo.buying import Buyer, by_date
from deploy.demo.client import Account, Client
from deploy.demo.journal import Journal
from deploy.demo.manners import Drawn
from deploy.demo.past_year import waiting_orders, year_of_orders
from deploy.demo.plans import PROCUREMENT, Plan
from deploy.demo.purchases import DemoOrder
from deploy.demo.replay import Replay, market
from deploy.demo.screen import Screen
from deploy.demo.seeding import Seeded
from marktbund import clock
from marktbund.clock import BERLIN

_AT_ONCE = 4
_UNANSWERED = timedelta(days=10)


async def fill(client: Client, plan: Plan, seeded: Seeded, file: Path, screen: Screen) -> int:
    """Let everybody buy; returns how many orders were made, none where there are some already.

    file: where what was sent and told is noted. Raises an ExceptionGroup of Problem and
    UnreachableError.
    """
    if await _has_orders(client, plan, seeded):
        return 0
    now = clock.now()
    today = now.astimezone(BERLIN).date()
    orders = year_of_orders(plan, today)
    answered = [each for each in orders if each.first_delivery < today - _UNANSWERED]
    recent = [each for each in orders if each.first_delivery >= today - _UNANSWERED]
    offers = await market(client, plan, seeded)
    screen.told(f"{len(orders)} orders of the past year go out, by date")
    manners, waiting = Drawn(), waiting_orders(plan, today)
    with Journal(file) as journal:
        with screen.begin(len(answered), sum(len(each.vendors) for each in answered)) as bars:
            replaying = Replay(client, plan, journal, manners, bars)
            heard = Buyer(client, offers, journal, manners, replaying.placed)
            await replaying.run(heard, answered)
        silent = _Silent(client, offers, journal, manners, lambda *_: None)
        await by_date(recent, silent.purchase, at_once=_AT_ONCE)
        for order in waiting:
            await silent.submit(order, now)
    await client.send(PROCUREMENT, "tender_planning", "/proposals/assessment")
    return len(orders) + len(waiting)


class _Silent(Buyer):
    """Buys without a word to the suppliers: they will find the order."""

    async def submit(self, order: DemoOrder, at: datetime) -> None:
        """Send an order off and leave it where it stops. Raises Problem and UnreachableError."""
        wanted = {"reference": order.reference, "lines": self._wanted(order.lines)}
        await self._send(self._requester(order), "/orders", wanted, at)


async def _has_orders(client: Client, plan: Plan, seeded: Seeded) -> bool:
    for town in plan.members:
        requester = Account(town.accounts["requester"], seeded.members[town.official_key])
        if await client.get(requester, "orders", "/orders", params={"limit": 1}):
            return True
    return False
