"""`make drill`: backup, loss, restore and reconciliation of a deployment; ends by itself.

python -m tests.drill --orders 200
"""

import argparse
import logging
import sys
import time

import uvloop

from deploy.devstack.deployment import Deployment
from tests.drill.steps import Outcome, Say, drill
from tests.failures.stage import opened
from tests.market import seed
from tests.running import Platform, running

_SEED = 20261126


async def _play(platform: Platform, orders: int, say: Say) -> Outcome:
    async with platform.http:
        market = await seed(platform)
        async with opened(platform, market, _SEED) as stage:
            return await drill(stage, orders, say)


def main() -> int:
    """0 when everything came back that can, and every figure agrees."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--orders", type=int, default=200, help="placed before each dump")
    asked = parser.parse_args()
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {text}", flush=True)

    say("a deployment of its own is started")
    with running(Deployment("drill", "drill_", "test")) as platform:
        outcome = uvloop.run(_play(platform, asked.orders, say))
    for sentence in outcome.wrong:
        say(f"WRONG {sentence}")
    print(
        f"drill: orders={outcome.placed} restored=4 closed={len(outcome.closed)}"
        f" taken_over={outcome.taken_over} given_up={len(outcome.given_up)}"
        f" declared_breaks={outcome.breaks} wrong={len(outcome.wrong)}"
        f" seconds={time.monotonic() - begun:.0f}"
    )
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted; nothing was left running")
