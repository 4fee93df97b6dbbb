"""Orders under way: clients that never give up on a key, suppliers that answer everything.

What they write down, and nothing else, says afterwards what must be true.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.failures.doors import Answer, Doors
from tests.market import ARTICLES, Market, price

PATIENCE = 240
_UNANSWERED = 400
"""Clients wait while so many supplier orders are unanswered: a backlog is not the subject."""
_AT_ONCE = 6
_ELSEWHERE = 0.3


@dataclass
class Placed:
    """An order as its client knows it: answered 2xx."""

    key: str
    order_id: str
    supplier_order_ids: list[str]
    net_total: Decimal


@dataclass
class Log:
    """The oracle: what clients and suppliers were told."""

    placed: list[Placed] = field(default_factory=list)
    answered: dict[str, int] = field(default_factory=dict)
    """Supplier order -> lines answered with 2xx."""
    retries: int = 0
    renewed: int = 0
    """Tokens that had expired because the clock was set."""
    unanswered: set[str] = field(default_factory=set)
    """Supplier orders that clients were told of and no supplier has answered."""

    @property
    def waiting(self) -> int:
        """How many supplier orders are unanswered."""
        return len(self.unanswered)

    @property
    def shares(self) -> set[str]:
        """Every supplier order that a client was told of."""
        return {share for placed in self.placed for share in placed.supplier_order_ids}


async def insist(doors: Doors, log: Log, good: int, *request: str, **how: Any) -> Answer:
    """One request until it is answered; the same key every time.

    A clock that was set may have let tokens expire: then, and only then, a new one is asked for.
    """
    clock = doors.platform.clock
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                answer = await doors.ask(*request, **how)
                if answer.status == good:
                    return answer
                if answer.status == 401 and clock is not None and clock.ahead:
                    doors.platform.forget_token(how["sub"])
                    log.renewed += 1
                    continue
                problem = f"{answer.status} {answer.body[:300]!r}"
                assert answer.status >= 500 or answer.status == 409, problem
            except (OSError, EOFError, TimeoutError):
                pass
            log.retries += 1
            await asyncio.sleep(0.2)


async def order(
    doors: Doors, market: Market, log: Log, rng: random.Random, most_lines: int
) -> None:
    """Place one order of so many lines at most, most of them of one supplier."""
    lines, total = [], Decimal(0)
    home = rng.randrange(3)
    for _ in range(rng.randint(1, most_lines)):
        index = rng.randrange(3) if rng.random() < _ELSEWHERE else home
        number = rng.randint(1, ARTICLES)
        quantity = rng.randint(1, 20)
        lines.append({"article_id": market.articles[index][number - 1], "quantity": str(quantity)})
        total += quantity * price(index, number)
    key = str(uuid4())
    me = market.requester(rng.choice(sorted(market.members)))
    answer = await insist(
        doors,
        log,
        201,
        "POST",
        "orders",
        "/orders",
        sub=me["sub"],
        body={"lines": lines},
        Member=me["member"],
        Idempotency_Key=key,
    )
    body = answer.json
    assert Decimal(body["net_total"]) == total
    log.unanswered |= set(body["supplier_order_ids"]) - log.answered.keys()
    log.placed.append(Placed(key, body["order_id"], body["supplier_order_ids"], total))


@dataclass(frozen=True)
class Clients:
    """How many place orders at once, how large these are, how long they wait in between."""

    number: int
    seed: int
    most_lines: int
    think: float

    async def place(self, doors: Doors, market: Market, log: Log, more: Callable[[], bool]) -> None:
        """Place orders while more are wanted; returns when all have their 2xx."""

        async def client(index: int) -> None:
            rng = random.Random(f"{self.seed}-{index}")
            while more():
                if log.waiting > _UNANSWERED:
                    await asyncio.sleep(0.2)
                else:
                    await order(doors, market, log, rng, self.most_lines)
                    await asyncio.sleep(self.think)

        await asyncio.gather(*(client(index) for index in range(self.number)))


async def supplier(doors: Doors, market: Market, log: Log, index: int) -> None:
    """Fetch and accept, for ever; to be cancelled."""
    seller = market.seller(index)
    several = asyncio.Semaphore(_AT_ONCE)

    async def accept(delivery: dict[str, Any]) -> None:
        numbers = [line["line_no"] for line in delivery["lines"]]
        share = delivery["supplier_order_id"]
        async with several:
            await insist(
                doors,
                log,
                201,
                "POST",
                "supplier-gateway",
                f"/supplier-orders/{share}/responses",
                sub=seller,
                body={"lines": [{"line_no": n, "decision": "accepted"} for n in numbers]},
                Idempotency_Key=f"answer-{share}",
            )
        log.unanswered.discard(share)
        log.answered[share] = len(numbers)

    while True:
        request = ("GET", "supplier-gateway", "/deliveries?limit=50")
        waiting = (await insist(doors, log, 200, *request, sub=seller)).json
        await asyncio.gather(*(accept(delivery) for delivery in waiting))
        if not waiting:
            await asyncio.sleep(0.2)
