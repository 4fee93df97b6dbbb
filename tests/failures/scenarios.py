"""Short scenarios, one per planted fault: a sound build passes, the planted one surely breaks.

Each brings about the very moment in which its fault shows, on the service that holds the fault.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests import restoring
from tests.failures import processes
from tests.failures.stage import Stage
from tests.running import eventually

_PLANNING, _ORDERS = "tender_planning", "orders"
_BLOCKED = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_LATER = 2.0
"""Seconds in which a relay that would be wrong has long been so."""


async def twice(stage: Stage) -> None:
    """Every record comes a second time."""
    duplicator = stage.duplicator(1.0)
    task = asyncio.create_task(duplicator.run())
    while duplicator.produced < 20:
        await stage.place(2)
        await asyncio.sleep(0.3)
    await stage.settled()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def cut_off(stage: Stage) -> None:
    """The consumer's session ends while it waits to write an effect."""
    async with stage.session(_PLANNING) as connection, connection.transaction():
        await connection.execute("LOCK TABLE demand IN ACCESS EXCLUSIVE MODE")
        await stage.place(4)
        blocked = await eventually(lambda: connection.fetchval(_BLOCKED), bool)
        await connection.execute("SELECT pg_terminate_backend($1)", blocked)
    await stage.settled()


async def nobody_listens(stage: Stage) -> None:
    """The broker stands still, and the relay is killed meanwhile."""
    worker = processes.worker(_ORDERS)
    broker = await processes.freeze(stage.platform, "kafka")
    try:
        await stage.place(4)
        await asyncio.sleep(_LATER)
        pid = await processes.freeze(stage.platform, worker)
        processes.send(pid, signal.SIGKILL)
    finally:
        processes.send(broker, signal.SIGCONT)
    async with stage.session(_ORDERS) as connection:
        # Nobody has to wait until the lease of the dead runs out.
        await connection.execute("UPDATE lease SET lease_until = '-infinity' WHERE task = 'relay'")
    await stage.settled()


async def one_row_fails(stage: Stage) -> None:
    """An order's first event is too large for the broker, for a while."""
    worker = processes.worker(_ORDERS)
    pid = await processes.freeze(stage.platform, worker)
    await stage.place(4)
    async with stage.session(_ORDERS) as connection:
        seq, payload = await connection.fetchrow(
            "SELECT seq, payload FROM outbox WHERE type LIKE '%OrderSubmitted%' LIMIT 1"
        )
        await connection.execute(
            "UPDATE outbox SET payload = $2 WHERE seq = $1", seq, b"x" * 1_200_000
        )
        processes.send(pid, signal.SIGCONT)
        await asyncio.sleep(_LATER)
        await connection.execute("UPDATE outbox SET payload = $2 WHERE seq = $1", seq, payload)
    await stage.settled()


async def as_always(stage: Stage) -> None:
    """Nothing happens: orders are placed and answered."""
    await stage.place(12)
    await stage.settled()


async def restored(stage: Stage) -> None:
    """The consumer's database goes back to an earlier point, Kafka does not."""
    dumped = await asyncio.to_thread(restoring.dump, stage.platform, _PLANNING)
    await stage.place(6)
    await stage.settled()
    await asyncio.to_thread(restoring.restored, stage.platform, dumped)
    await processes.ready(stage.platform)
    await stage.settled()


@dataclass(frozen=True)
class Plant:
    """A planted fault: whose worker, which build, the scenario that shows it, what it breaks."""

    package: str
    module: str
    scenario: Callable[[Stage], Awaitable[None]]
    breaks: str


_EFFECT = "every event has its effect exactly once at every consumer"
_ORDER = "per key in order of aggregate_version, no gap"
_ONCE = "each supplier order is once in effect"
PLANTS = {
    "no inbox": Plant(_PLANNING, "no_inbox", twice, _EFFECT),
    "offset before the effects": Plant(_PLANNING, "offsets_first", cut_off, _EFFECT),
    "skips a failed row": Plant(_ORDERS, "skips_failed", one_row_fails, _ORDER),
    "publish_batch": Plant(_ORDERS, "whole_batches", as_always, _ORDER),
    "delete before send": Plant(_ORDERS, "delete_first", nobody_listens, _ONCE),
    "offsets only in Kafka": Plant(_PLANNING, "kafka_offsets", restored, _EFFECT),
}
QUICK = ("no inbox", "offset before the effects", "skips a failed row")


async def play(stage: Stage, plant: Plant, *, planted: bool) -> dict[str, list[str]]:
    """Play a plant's scenario on the sound build or the planted one; what was newly broken."""
    if planted:
        module = f"tests.failures.planted.{plant.module}"
        await processes.rebuild(stage.platform, plant.package, module)
        await stage.settled()
    await plant.scenario(stage)
    broken = await stage.newly_broken()
    if planted:
        await processes.rebuild(stage.platform, plant.package)
    return broken
