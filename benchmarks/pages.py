"""How long every page takes one person, in full shelves: `make bench-pages`.

In: a size. Out: p50 and p95 of each page in each role, through Caddy, portal and services; for the
three slowest the statements PostgreSQL spent its time on; the last line holds the slowest p95
against the limit (name=pages, milliseconds).
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

from benchmarks import generator, traffic
from benchmarks.cost import describe_machine, last_line
from benchmarks.queries import Query, WatchedStatements
from benchmarks.visitors import signed_in
from tests.browser.pages import ROLES
from tests.failures.load import Log
from tests.failures.rest import at_rest
from tests.front import Front, opened
from tests.market import publish
from tests.running import eventually

LIMIT_MS = 200.0
_BATCH = 1000
"""Orders placed with one token, which lasts a minute at least when it is asked for."""


@dataclass(frozen=True)
class PagesSize:
    """Articles of each of the three suppliers, orders of two members, views of each page."""

    articles: int
    orders: int
    views: int


SIZES = {"small": PagesSize(150, 40, 5), "full": PagesSize(1000, 10_000, 40)}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Timed:
    """A page in a role: milliseconds of the median and of the 95th percentile."""

    path: str
    sub: str
    p50: float
    p95: float


async def measure(front: Front, size: PagesSize, progress: Progress) -> str:
    """Fill, look at every page, ask for the slowest once more; returns the last line."""
    await fill(front, size, progress)
    timed = sorted(await _every_page(front, size.views), key=lambda view: -view.p95)
    for view in timed:
        progress(
            f"{view.p95:7.1f} ms p95 {view.p50:7.1f} ms p50  {view.path} ({view.sub or 'nobody'})"
        )
    async with WatchedStatements(front.platform) as watched:
        for view in timed[:3]:
            progress(f"slow: {view.path} ({view.sub or 'nobody'})")
            for query in await _queries(front, watched, view):
                progress(f"  {query.milliseconds:6.1f} ms in {query.database}: {query.short}")
    p50s = sorted(view.p50 for view in timed)
    figures = {
        "ours": timed[0].p95,
        "theirs": LIMIT_MS,
        "pages": float(len(timed)),
        "p50_of_pages": p50s[len(p50s) // 2],
        "over_limit": float(sum(view.p95 > LIMIT_MS for view in timed)),
        "articles": 3.0 * size.articles,
        "orders": float(size.orders),
    }
    return last_line("pages", "limit", figures)


async def fill(front: Front, size: PagesSize, progress: Progress) -> None:
    """Price lists and orders, until everything is heard, filed and counted."""
    platform = front.platform
    if size.articles > len(front.market.articles[0]):
        for index in range(3):
            await publish(platform, front.market, index, number=2, articles=size.articles)
        query = "SELECT count(*) FROM article WHERE active"

        async def known() -> int:
            return int((await platform.rows("orders", query))[0][0])

        await eventually(known, lambda count: count == 3 * size.articles, 300)
    begun = time.monotonic()
    for placed in range(0, size.orders, _BATCH):
        wanted = min(_BATCH, size.orders - placed)
        job = await traffic.job(platform, front.market, orders=wanted)
        await asyncio.to_thread(generator.run, job)
    await at_rest(platform, Log(), 300)
    progress(f"{size.orders} orders placed and filed in {time.monotonic() - begun:.0f} s")


async def _every_page(front: Front, views: int) -> list[Timed]:
    ids = await front.page_ids()
    timed = []
    for sub in sorted({sub for subs in ROLES.values() for sub in subs}):
        async with signed_in(front.site, sub) as visitor:
            for path, subs in ROLES.items():
                if sub in subs:
                    waits = [await visitor.wait(path.format(**ids)) for _ in range(views + 1)]
                    cuts = quantiles(waits[1:], n=20, method="inclusive")
                    timed.append(Timed(path, sub, cuts[9] * 1000, cuts[18] * 1000))
    return timed


async def _queries(front: Front, watched: WatchedStatements, page: Timed) -> list[Query]:
    ids = await front.page_ids()
    async with signed_in(front.site, page.sub) as visitor:
        return await watched.during(visitor.wait(page.path.format(**ids)), longest=3)


async def _run(front: Front, size: PagesSize) -> str:
    async with front.platform.http:
        await front.fill()
        return await measure(front, size, lambda text: print(text, flush=True))


def main(arguments: list[str]) -> int:
    """Run the benchmark on a platform of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    size = SIZES[parser.parse_args(arguments).size]
    print(describe_machine(), flush=True)
    with opened() as front:
        line = asyncio.run(_run(front, size))
    print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
