"""Orders per second through the API against pgbench with the same statements: `make bench-intake`.

In: a size. Out: a line per round, then the medians in one last line (name=intake). The whole
platform works along: what is ordered is sent, heard, filed and counted while more is ordered.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks import generator, traffic
from benchmarks.cost import describe_machine, last_line, middle, p50_p99, since, spent
from benchmarks.peers.replay import StatementReplay, capture
from benchmarks.stage import market_of_many, sealed_times, stage, until_sealed
from tests.market import Market, seed
from tests.running import Platform


@dataclass(frozen=True)
class IntakeSize:
    """How many rounds, and seconds of load in each."""

    rounds: int
    seconds: float
    warm_seconds: float


SIZES = {"small": IntakeSize(1, 1, 0.5), "full": IntakeSize(5, 15, 5)}
Progress = Callable[[str], None]


async def measure(platform: Platform, market: Market, size: IntakeSize, progress: Progress) -> str:
    """Rounds of both, taking turns; returns the last line."""
    replay = await capture(platform, market)
    progress(f"captured {len(replay.scripts)} scripts of one POST each")
    warm = await traffic.job(platform, market, seconds=size.warm_seconds)
    await asyncio.to_thread(generator.run, warm)
    await until_sealed(platform)
    await asyncio.to_thread(replay.run, size.warm_seconds)
    rounds = []
    for number in range(1, size.rounds + 1):
        ours = await _ours(platform, market, size)
        figures = {**ours, **await _theirs(platform, replay, size)}
        rounds.append(figures)
        progress(f"round {number}: {' '.join(f'{k}={v:.4g}' for k, v in figures.items())}")
    return last_line("intake", "pgbench", middle(rounds))


async def _ours(platform: Platform, market: Market, size: IntakeSize) -> Mapping[str, float]:
    job = await traffic.job(platform, market, seconds=size.seconds)
    used = spent(platform, "orders")
    answered = await asyncio.to_thread(generator.run, job)
    cost = since(platform, used, "orders")
    await until_sealed(platform)
    sealed = await sealed_times(platform)
    elapsed = max(a.answered for a in answered) - min(a.sent for a in answered)
    p50, p99 = p50_p99(a.answered - a.sent for a in answered)
    p50_sealed, p99_sealed = p50_p99(sealed[a.order_id] - a.answered for a in answered)
    figures = {
        "ours": len(answered) / elapsed,
        "theirs": 0.0,
        "p50_ms": p50 * 1000,
        "p99_ms": p99 * 1000,
        "p50_sealed": p50_sealed,
        "p99_sealed": p99_sealed,
        "orders": float(len(answered)),
        "seconds": elapsed,
    }
    names = {"client": "generator"}
    return figures | {f"cpu_{names.get(part, part)}": used for part, used in cost.items()}


async def _theirs(
    platform: Platform, replay: StatementReplay, size: IntakeSize
) -> Mapping[str, float]:
    used = spent(platform, "orders")
    rate = await asyncio.to_thread(replay.run, size.seconds)
    cost = since(platform, used, "orders")
    return {
        "theirs": rate,
        "cpu_postgres_theirs": cost["postgres"],
        "cpu_pgbench": cost["client"],
    }


async def _run(platform: Platform, size: IntakeSize) -> str:
    async with platform.http:
        return await measure(
            platform, await market_of_many(platform, await seed(platform)), size, print
        )


def main(arguments: list[str]) -> int:
    """Run the benchmark on a platform of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    size = SIZES[parser.parse_args(arguments).size]
    print(describe_machine(), flush=True)
    with stage("intake") as platform:
        line = asyncio.run(_run(platform, size))
    print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
