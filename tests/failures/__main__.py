"""`make failures`: a full campaign, then six planted faults. Ctrl-C ends it and what it started.

python -m tests.failures --orders 2000 --faults 20 --seed 7 --into report.md
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import uvloop

from deploy.devstack.deployment import REPOSITORY
from tests.clock import settable
from tests.failures import campaign, readers_first, report
from tests.failures.campaign import FULL, Size
from tests.failures.invariants import violations
from tests.failures.scenarios import PLANTS, play
from tests.failures.stage import DEPLOYMENT, opened
from tests.market import seed
from tests.running import Platform, running

Say = Callable[[str], None]


def _arguments() -> argparse.Namespace:
    today = datetime.now(UTC).date()
    parser = argparse.ArgumentParser(prog="make failures", description=__doc__)
    parser.add_argument("--orders", type=int, default=FULL.orders)
    parser.add_argument("--faults", type=int, default=FULL.faults)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=60.0, help="the longest time")
    parser.add_argument("--into", type=Path, default=REPOSITORY / f"docs/failures/{today}.md")
    return parser.parse_args()


async def _everything(
    platform: Platform, size: Size, number: int, say: Say
) -> tuple[list[str], bool]:
    async with platform.http:
        market = await seed(platform)
        # Every reader is older than this producer, from the first order on.
        await readers_first.run_later(platform, "orders", flags=(readers_first.FLAG,))
        outcome = await campaign.run(platform, market, size, number, say)
        later = await readers_first.traces(platform, written=False)
        await readers_first.run_later(platform)
        missed = later.missed(outcome.evidence.shares)
        lines = [*report.lines(outcome), later.line, *missed]
        print("\n".join(lines), flush=True)
        good = not any(violations(outcome.evidence).values()) and not report.shortfalls(outcome)
        good = good and not missed
        if outcome.seconds > size.seconds:
            return [*lines, "TOO LITTLE time: nothing was planted"], False
        async with opened(platform, market, number) as stage:
            for planted in (False, True):
                for name, plant in PLANTS.items():
                    broken = await play(stage, plant, planted=planted)
                    good = good and (plant.breaks in broken if planted else not broken)
                    lines.append(report.verdict(name, broken, planted=planted))
                    say(lines[-1])
    return lines, good


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    return f"{psutil.cpu_count()} cores of {model}, {psutil.virtual_memory().total / 1e9:.0f} GB"


def _page(begun: datetime, load: tuple[float, float, float], lines: list[str]) -> str:
    after = os.getloadavg()
    return "\n".join(
        (
            f"# Failures, {begun:%Y-%m-%d}",
            "",
            f"`make failures`, begun {begun:%H:%M} UTC on {_machine()}.",
            f"Load {load[0]:.1f} before, {after[0]:.1f} after ({after[2]:.1f} over 15 min).",
            "",
            *(f"    {line}".rstrip() for line in lines),
            "",
        )
    )


def main() -> int:
    """0 when no promise was broken, enough was done, and every planted fault was found out."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asked = _arguments()
    begun, started, load = datetime.now(UTC), time.monotonic(), os.getloadavg()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)

    size = replace(FULL, orders=asked.orders, faults=asked.faults, seconds=60 * asked.minutes)
    say(f"seed {asked.seed}: {size.orders} orders, {size.faults} faults")
    with settable() as clock, running(DEPLOYMENT, clock=clock) as platform:
        lines, good = uvloop.run(_everything(platform, size, asked.seed, say))
    asked.into.parent.mkdir(parents=True, exist_ok=True)
    asked.into.write_text(_page(begun, load, lines))
    say(f"written to {asked.into}, {'passed' if good else 'FAILED'}")
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted; nothing was left running")
