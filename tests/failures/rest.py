"""At rest: every outbox empty, every consumer at the end, every line answered and sealed."""

import asyncio
import time

import asyncpg
from confluent_kafka import KafkaException

from tests.failures.broker import end_offsets
from tests.failures.load import Log
from tests.failures.processes import CONSUMERS, PACKAGES
from tests.running import Platform

PROMISED = 60.0
"""Seconds after the last fault and the last order within which everything must be at rest."""
_OFFSETS = "SELECT topic, sum(next_offset)::bigint AS next FROM consumer_offset GROUP BY topic"


async def at_rest(platform: Platform, log: Log, patience: float = 60.0) -> float:
    """Wait for rest; monotonic seconds of when it came.

    Goes on after the promised time, to say how late; fails when nothing moves for `patience` s.
    """
    before: dict[str, int] = {}
    still_since = time.monotonic()
    while left := await unrest(platform, log):
        if left != before:
            before, still_since = left, time.monotonic()
        assert time.monotonic() - still_since < patience, f"nothing moves, left: {left}"
        await asyncio.sleep(0.3)
    return time.monotonic()


async def unrest(platform: Platform, log: Log) -> dict[str, int]:
    """What is still to be done, by where it waits; empty at rest."""
    left = await undelivered(platform)
    return left | {"answers": log.waiting} if log.waiting else left


async def undelivered(platform: Platform) -> dict[str, int]:
    """What is unsent, unread or unsealed, by where it waits; an engine's error while it is down."""
    try:
        left = await _delivery(platform)
        left["unsealed"] = await _count(platform, "documentation", "unsealed")
    except (asyncpg.PostgresError, KafkaException, OSError, TimeoutError) as error:
        return {f"{type(error).__name__}": 1}
    return {name: number for name, number in left.items() if number}


async def _delivery(platform: Platform) -> dict[str, int]:
    left = {f"outbox {name}": await _count(platform, name, "outbox") for name in PACKAGES}
    reached = {name: await _reached(platform, name) for name in CONSUMERS}
    topics = sorted({topic for offsets in reached.values() for topic in offsets})
    ends = await end_offsets(platform.engines.kafka.admin, topics)
    for name, offsets in reached.items():
        left[f"lag {name}"] = sum(ends[topic] - offset for topic, offset in offsets.items())
    return left


async def _count(platform: Platform, service: str, table: str) -> int:
    return int((await platform.rows(service, f"SELECT count(*) FROM {table}"))[0][0])


async def _reached(platform: Platform, service: str) -> dict[str, int]:
    rows = await platform.rows(service, _OFFSETS)
    return {row["topic"]: row["next"] for row in rows}
