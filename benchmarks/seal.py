"""Records sealed per second against the bare loop on the same records: `make bench-seal`.

In: a size. Out: a line per round, then the medians in one last line (name=seal). Orders wait in
Kafka while documentation is stopped; then it seals them, and so does the bare loop, taking turns.
At the end, with everything running, orders at a steady pace give the time from 201 to sealed.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from confluent_kafka import OFFSET_END, TopicPartition
from confluent_kafka.admin import AdminClient

from benchmarks import generator, traffic
from benchmarks.cost import describe_machine, last_line, middle, p50_p99, since, spent
from benchmarks.stage import (
    execute,
    market_of_many,
    programs,
    run_only,
    sealed_records,
    sealed_times,
    stage,
    until_sealed,
)
from deploy.devstack.deployment import REPOSITORY
from deploy.devstack.program import Program
from documentation.consumers import HEARD
from marktbund.contracts.documentation import CHECKPOINT_EVENTS
from marktbund.topics import PARTITIONS
from tests.market import Market, seed
from tests.running import Platform


@dataclass(frozen=True)
class SealSize:
    """Rounds, orders to seal in each (7 records an order), and the paced orders at the end."""

    rounds: int
    orders: int
    paced: int
    pace: float


SIZES = {"small": SealSize(1, 60, 10, 10), "full": SealSize(5, 2000, 300, 10)}
Progress = Callable[[str], None]
_FORGET = """
    TRUNCATE unsealed, record, payload, chain, chain_audit, signing, checkpoint_head, checkpoint,
             inbox, consumer_offset, aggregate_position, version_gap, dead_letter, dead_letter_step;
    UPDATE lease SET owner = NULL, lease_until = '-infinity'
"""
# From the begin of the first batch taken in to the commit of the last one sealed.
_OURS = """
    SELECT count(*)::float8 AS records,
           (extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))
            - extract(epoch FROM min(recorded_at::timestamptz)))::float8 AS seconds
      FROM record
"""


async def measure(platform: Platform, market: Market, size: SealSize, progress: Progress) -> str:
    """Rounds of both, taking turns; returns the last line."""
    everything = programs(platform)
    without = [program for program in everything if program.name != "documentation"]
    await run_only(platform, without)
    job = await traffic.job(platform, market, orders=size.orders)
    placed = len(await asyncio.to_thread(generator.run, job))
    await run_only(platform, everything)
    await until_sealed(platform)
    progress(f"placed {placed} orders and sealed them once, to warm up")
    wanted = await sealed_records(platform)
    rounds = []
    for number in range(1, size.rounds + 1):
        await run_only(platform, without)
        await _forget(platform)
        ours = await _ours(platform, everything, wanted)
        figures = {**ours, **await _theirs(platform, int(ours["records"]))}
        rounds.append(figures)
        progress(f"round {number}: {' '.join(f'{k}={v:.4g}' for k, v in figures.items())}")
    measured = {**middle(rounds), **await _paced(platform, market, size)}
    return last_line("seal", "bare-loop", measured)


async def _forget(platform: Platform) -> None:
    """Empty the file, so that documentation reads and seals everything again.

    Its topic, too: the notary does not begin again beside checkpoints it has published.
    """
    await execute(platform, f"{platform.deployment.prefix}documentation", _FORGET)
    await asyncio.to_thread(_empty, platform, platform.deployment.prefix + CHECKPOINT_EVENTS.name)


def _empty(platform: Platform, topic: str) -> None:
    admin = AdminClient(platform.engines.kafka.admin.librdkafka())
    ends = [TopicPartition(topic, number, OFFSET_END) for number in range(PARTITIONS)]
    for future in admin.delete_records(ends).values():
        future.result()


async def _ours(platform: Platform, everything: list[Program], wanted: int) -> Mapping[str, float]:
    used = spent(platform, "documentation")
    await run_only(platform, everything)
    await until_sealed(platform, wanted)
    cost = since(platform, used, "documentation")
    row = (await platform.rows("documentation", _OURS))[0]
    return {
        "ours": row["records"] / row["seconds"],
        "theirs": 0.0,
        "records": row["records"],
        "cpu_service": cost["service"],
        "cpu_postgres": cost["postgres"],
    }


async def _theirs(platform: Platform, records: int) -> Mapping[str, float]:
    prefix = platform.deployment.prefix
    database = f"{prefix}bare"
    await execute(platform, "postgres", f"DROP DATABASE IF EXISTS {database}")
    await execute(platform, "postgres", f"CREATE DATABASE {database}")
    job = {
        "kafka": platform.engines.kafka.admin.aiokafka(),
        "topics": [prefix + topic.name for topic in HEARD],
        "url": platform.engines.postgres.url(database),
        "wanted": records,
    }
    used = spent(platform, "documentation")
    done = await asyncio.to_thread(_bare, json.dumps(job))
    cost = since(platform, used, "documentation")
    return {
        "theirs": done["records"] / done["seconds"],
        "cpu_bare": cost["client"],
        "cpu_postgres_theirs": cost["postgres"],
    }


def _bare(job: str) -> Mapping[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers.bare"],
        input=job,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the bare loop failed: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


async def _paced(platform: Platform, market: Market, size: SealSize) -> Mapping[str, float]:
    """From 201 to sealed while orders come at a pace the platform keeps up with."""
    job = await traffic.job(platform, market, orders=size.paced, rate=size.pace)
    answered = await asyncio.to_thread(generator.run, job)
    await until_sealed(platform)
    sealed = await sealed_times(platform)
    p50, p99 = p50_p99(sealed[order.order_id] - order.answered for order in answered)
    return {"p50_sealed": p50, "p99_sealed": p99, "paced_per_second": size.pace}


async def _run(platform: Platform, size: SealSize) -> str:
    async with platform.http:
        return await measure(
            platform, await market_of_many(platform, await seed(platform)), size, print
        )


def main(arguments: list[str]) -> int:
    """Run the benchmark on a platform of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seal")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    size = SIZES[parser.parse_args(arguments).size]
    print(describe_machine(), flush=True)
    with stage("seal") as platform:
        line = asyncio.run(_run(platform, size))
    print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
