"""Orders under way: clients that never give up on a key, suppliers that answer everything.

What they write down, and nothing else, says afterwards what must be true.
"""

import asyncio
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx

from tests.market import Market, price
from tests.running import Platform

PATIENCE = 240


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


async def insist(platform: Platform, log: Log, good: set[int], **how: Any) -> httpx.Response:
    """One request until it is answered; the same key every time."""
    key = how.pop("key", "") or str(uuid4())
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                answer = await platform.call(key=key, **how)
                if answer.status_code in good:
                    return answer
                problem = f"{answer.status_code} {answer.text[:300]}"
                assert answer.status_code >= 500 or answer.status_code == 409, problem
            except httpx.HTTPError:
                pass
            log.retries += 1
            await asyncio.sleep(0.2)


async def order(platform: Platform, market: Market, log: Log, rng: random.Random) -> None:
    """Place one order of one to six lines."""
    lines, total = [], Decimal(0)
    for _ in range(rng.randint(1, 6)):
        index, number = rng.randrange(3), rng.randint(1, 150)
        quantity = rng.randint(1, 20)
        lines.append({"article_id": market.articles[index][number - 1], "quantity": str(quantity)})
        total += quantity * price(index, number)
    key = str(uuid4())
    me = market.requester(rng.choice("ab"))
    answer = await insist(
        platform,
        log,
        {201},
        method="POST",
        service="orders",
        path="/orders",
        key=key,
        json={"lines": lines},
        **me,
    )
    body = answer.json()
    assert Decimal(body["net_total"]) == total
    log.placed.append(Placed(key, body["order_id"], body["supplier_order_ids"], total))


async def clients(
    platform: Platform, market: Market, log: Log, *, orders: int, number: int, seed: int
) -> None:
    """So many clients share so many orders; returns when all have their 2xx."""
    left = iter(range(orders))

    async def client(index: int) -> None:
        rng = random.Random(f"{seed}-{index}")
        for _ in left:
            await order(platform, market, log, rng)

    await asyncio.gather(*(client(index) for index in range(number)))


async def supplier(platform: Platform, market: Market, log: Log, index: int) -> None:
    """Fetch and accept, for ever; to be cancelled."""
    seller = market.seller(index)
    while True:
        waiting = await insist(
            platform,
            log,
            {200},
            method="GET",
            service="supplier-gateway",
            path="/deliveries?limit=50",
            sub=seller,
        )
        for delivery in waiting.json():
            numbers = [line["line_no"] for line in delivery["lines"]]
            share = delivery["supplier_order_id"]
            await insist(
                platform,
                log,
                {201},
                method="POST",
                service="supplier-gateway",
                path=f"/supplier-orders/{share}/responses",
                sub=seller,
                key=f"answer-{share}",
                json={"lines": [{"line_no": n, "decision": "accepted"} for n in numbers]},
            )
            log.answered[share] = len(numbers)
        await asyncio.sleep(0.2)
