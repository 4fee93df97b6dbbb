"""The file is verified on the clock, and what is found raises an alarm."""

from collections.abc import Callable
from datetime import datetime

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.domain.passes import ANEW_AFTER, Pass
from documentation.store import audits, passes
from documentation.views import checkpoint_walk, seals, verification
from documentation.views.log_walk import LogWalk
from documentation.views.verification import Anchor
from marktbund import clock
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.leases import Lease
from marktbund.unit_of_work import Database

_CHAINS_AT_ONCE = 100
_log = structlog.get_logger(__name__)


class Auditor:
    """Verifies, while it holds the lease, what was sealed since, and every chain anew once a day.

    now: system time, UTC.
    """

    def __init__(self, key: Ed25519PublicKey, *, now: Callable[[], datetime] = clock.now) -> None:
        self._key = key
        self._now = now
        self._lease: Lease | None = None

    async def __call__(self, database: Database) -> None:
        """Judge the last checkpoint, and go through the chains that waited longest."""
        self._lease = self._lease or Lease(database.engine, "audit")
        if not await self._lease.keep():
            return
        async with database.reading() as connection:
            due = await audits.due(connection, self._now() - ANEW_AFTER, _CHAINS_AT_ONCE)
        held = await verification.anchor(database, self._key)
        await self._note(database, held)
        for chain, recent in due:
            if not await self._lease.keep():
                return
            await self._audit(database, held, chain, recent=recent)

    async def _note(self, database: Database, held: Anchor) -> None:
        codes = [finding.code for finding in held.findings if held.checkpoint is not None]
        number = held.checkpoint.number if held.checkpoint else 0
        if codes:
            _log.error("checkpoint_altered", number=number, findings=codes)
        walked = Pass("anchor", self._now()).went_on(number, codes).ended(self._now())
        async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
            await passes.keep(uow, walked)

    async def _audit(self, database: Database, held: Anchor, chain: str, *, recent: bool) -> None:
        async with database.reading() as connection:
            known = await audits.of_chain(connection, chain) if recent else None
        audited = await seals.go_on(database, held, chain, known)
        if audited is None:
            return
        if audited.findings:
            _log.error("chain_altered", chain_id=chain, findings=audited.findings)
        async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
            await audits.keep(uow, audited)


class CheckpointAuditor:
    """Walks all checkpoints from the first, some at a time; anew once a day. now: UTC."""

    def __init__(self, key: Ed25519PublicKey, *, now: Callable[[], datetime] = clock.now) -> None:
        self._key = key
        self._now = now
        self._lease: Lease | None = None

    async def __call__(self, database: Database) -> None:
        """One step, while it holds the lease."""
        self._lease = self._lease or Lease(database.engine, "audit_checkpoints")
        if not await self._lease.keep():
            return
        async with database.reading() as connection:
            walked = await passes.of(connection, "checkpoints")
        walked = walked or Pass("checkpoints", self._now())
        if walked.begins_anew(self._now()):
            walked = walked.anew(self._now())
        step = await checkpoint_walk.step(database, self._key, walked.position)
        if step.broken:
            _log.error("checkpoints_broken", numbers=step.broken)
        walked = walked.went_on(step.last, [f"checkpoint {number}" for number in step.broken])
        await _keep(database, walked.ended(self._now()) if step.done else walked)


class LogAuditor:
    """Holds the file against the log, some records at a time; from the beginning once a day.

    Where the walk has come to is this process's alone: another one begins anew. now: UTC.
    """

    def __init__(
        self, walk: Callable[[], LogWalk], *, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._walk_anew = walk
        self._now = now
        self._lease: Lease | None = None
        self._walk: LogWalk | None = None
        self._pass: Pass | None = None

    async def __call__(self, database: Database) -> None:
        """One step, while it holds the lease."""
        self._lease = self._lease or Lease(database.engine, "audit_log")
        if not await self._lease.keep():
            self._walk = None
            return
        walk, walked = await self._standing(database)
        named, done = await walk.step(database)
        ends = done and (walked.finished_at is None or walked.finished_at < walked.begun_at)
        if ends:
            named += await walk.finish(database)
        if named:
            _log.error("log_differs", differences=len(named), named=named[:20])
        walked = walked.went_on(walk.records, named)
        self._pass = walked.ended(self._now()) if done else walked
        await _keep(database, self._pass)

    async def _standing(self, database: Database) -> tuple[LogWalk, Pass]:
        walk, walked = self._walk, self._pass
        if walk is None or walked is None or walked.begins_anew(self._now()):
            async with database.reading() as connection:
                before = walked or await passes.of(connection, "log")
            walk, walked = self._walk_anew(), (before or Pass("log", self._now())).anew(self._now())
            self._walk, self._pass = walk, walked
        return walk, walked


async def _keep(database: Database, walked: Pass) -> None:
    async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
        await passes.keep(uow, walked)
