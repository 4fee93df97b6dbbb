"""Leases: which process does a task, as rows, never session locks."""

import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.ids import new_id

LEASE = timedelta(seconds=15)
RENEW_AFTER = 4.0

# All rows of a task are one lease: the release before knows sixteen of some tasks, takes every one
# that is free, and would work beside a holder of less than all.
_LOCK = text("""
    SELECT owner = :owner OR lease_until < clock_timestamp() AS free FROM lease
     WHERE task = :task ORDER BY shard FOR UPDATE
""")
_CLAIM = text("""
    UPDATE lease SET owner = :owner, lease_until = clock_timestamp() + :lease WHERE task = :task
""")
_RELEASE = text("UPDATE lease SET lease_until = '-infinity' WHERE task = :task AND owner = :owner")

FENCE = """EXISTS (SELECT 1 FROM lease WHERE task = :task AND owner = :owner
                      AND lease_until > clock_timestamp())"""
"""SQL condition for statements only the holder may carry out."""


class Lease:
    """A task of which one process at a time is the holder.

    A holder that dies is replaced after 15 s; one that stops cleanly, at once.
    """

    def __init__(self, engine: AsyncEngine, task: str) -> None:
        self._engine = engine
        self.task = task
        self.owner: UUID = new_id()
        self._held = False
        self._renew_at = 0.0
        self._valid_until = 0.0

    async def keep(self) -> bool:
        """Whether this process is the holder, for at least some seconds more; renews when due."""
        if time.monotonic() >= self._renew_at or not self._held:
            asked = time.monotonic()
            async with self._engine.begin() as connection:
                ours = {"task": self.task, "owner": self.owner}
                free = list((await connection.execute(_LOCK, ours)).scalars())
                self._held = bool(free) and all(free)
                if self._held:
                    await connection.execute(_CLAIM, {**ours, "lease": LEASE})
            self._renew_at = asked + RENEW_AFTER
            self._valid_until = asked + LEASE.total_seconds()
        return self._held

    @property
    def valid(self) -> bool:
        """Whether the lease still holds by this process's own clock (a stopped one wakes late)."""
        return self._held and time.monotonic() < self._valid_until

    def lose(self) -> None:
        """Note that another process is the holder: it is claimed again, not renewed later."""
        self._held = False

    async def release(self) -> None:
        """Give the lease back, so that another process need not wait."""
        async with self._engine.begin() as connection:
            await connection.execute(_RELEASE, {"task": self.task, "owner": self.owner})
        self._held = False
