"""What is ordered: prepared requests of three lines, each line from another supplier.

In: the market of the stage. Out: HTTP requests as text with a place for the Idempotency-Key.
"""

import json
import random
from urllib.parse import urlsplit

from benchmarks.generator import KEY, Load
from benchmarks.stage import LINES
from tests.market import ARTICLES, Market
from tests.running import Platform

CONNECTIONS = 8
_VARIANTS = 8


def body(market: Market, rng: random.Random) -> str:
    """An order of three lines, one from each supplier."""
    lines = [
        {
            "article_id": market.articles[index][rng.randrange(ARTICLES)],
            "quantity": str(rng.randint(1, 20)),
        }
        for index in range(LINES)
    ]
    return json.dumps({"lines": lines})


async def requests(platform: Platform, market: Market, seed: int) -> tuple[str, ...]:
    """Eight different orders of every member, members taking turns."""
    rng = random.Random(seed)
    host = urlsplit(platform.addresses["orders"]).netloc
    made = []
    for _ in range(_VARIANTS):
        for name, member in market.members.items():
            token = await platform.token(f"requester-{name}")
            content = body(market, rng)
            made.append(
                "POST /api/orders/v1/orders HTTP/1.1\r\n"
                f"Host: {host}\r\nAuthorization: Bearer {token}\r\nMember: {member}\r\n"
                f"Idempotency-Key: {KEY}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(content)}\r\n\r\n{content}"
            )
    return tuple(made)


async def job(
    platform: Platform,
    market: Market,
    *,
    seconds: float = 600,
    orders: int = 10**9,
    rate: float = 0.0,
) -> Load:
    """Eight clients at the orders service."""
    at = urlsplit(platform.addresses["orders"])
    sent = await requests(platform, market, seed=1)
    return Load(str(at.hostname), at.port or 80, sent, CONNECTIONS, seconds, orders, rate)
