"""Leases: which process works on which shard, as rows with an epoch, never session locks."""

import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.ids import new_id

LEASE = timedelta(seconds=15)
RENEW_AFTER = 4.0

_CLAIM = text("""
    UPDATE lease
       SET epoch = CASE WHEN owner = :owner THEN epoch ELSE epoch + 1 END,
           owner = :owner, lease_until = clock_timestamp() + :lease
     WHERE task = :task AND (owner = :owner OR lease_until < clock_timestamp())
    RETURNING shard
""")
_RELEASE = text("UPDATE lease SET lease_until = '-infinity' WHERE task = :task AND owner = :owner")

FENCE = """EXISTS (SELECT 1 FROM lease WHERE task = :task AND owner = :owner
                      AND lease_until > clock_timestamp())"""
"""SQL condition for statements only the holder may carry out."""


class Leases:
    """One process's share of a task's shards: every free shard is taken and kept.

    A holder that dies is replaced after 15 s; one that stops cleanly, at once.
    """

    def __init__(self, engine: AsyncEngine, task: str) -> None:
        self._engine = engine
        self.task = task
        self.owner: UUID = new_id()
        self.shards: list[int] = []
        self._renew_at = 0.0
        self._valid_until = 0.0

    async def keep(self) -> list[int]:
        """The shards held for at least some seconds more; renews when due. Empty: none."""
        if time.monotonic() >= self._renew_at or not self.shards:
            asked = time.monotonic()
            async with self._engine.begin() as connection:
                rows = await connection.execute(
                    _CLAIM, {"task": self.task, "owner": self.owner, "lease": LEASE}
                )
                self.shards = sorted(rows.scalars())
            self._renew_at = asked + RENEW_AFTER
            self._valid_until = asked + LEASE.total_seconds()
        return self.shards

    @property
    def valid(self) -> bool:
        """Whether the lease still holds by this process's own clock (a stopped one wakes late)."""
        return bool(self.shards) and time.monotonic() < self._valid_until

    async def release(self) -> None:
        """Give the shards back, so that another process need not wait."""
        async with self._engine.begin() as connection:
            await connection.execute(_RELEASE, {"task": self.task, "owner": self.owner})
        self.shards = []
