"""Work on the clock: seal what waits, sign where the chains stand, verify them. By hand: all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TextIO

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from opentelemetry.trace import SpanKind

from documentation import handlers
from documentation.domain.checkpoints import is_due
from documentation.store import audits, checkpoints, sealing
from documentation.store.sealing import Holder, SealerReplacedError
from documentation.views import seals, verification
from documentation.views.log_comparison import LogComparison
from documentation.views.verification import Anchor, VerificationAnswer
from marktbund import clock
from marktbund.composition import Job
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.jsons import dumps
from marktbund.leases import Leases
from marktbund.rebuilding.generation import Generation
from marktbund.telemetry.tracing import Steps
from marktbund.unit_of_work import Database

SEAL_EVERY = timedelta(seconds=5)
LOOK_EVERY = timedelta(seconds=2)
AUDIT_EVERY = timedelta(seconds=15)
ANEW_AFTER = timedelta(days=1)
_CHAINS_AT_ONCE = 100
_log = structlog.get_logger(__name__)


@contextmanager
def _holding(leases: Leases) -> Iterator[Holder]:
    try:
        yield Holder(leases.task, leases.owner, leases.shards)
    except SealerReplacedError:
        leases.shards = []  # what is lost must be claimed again, not renewed in some seconds
        raise


class Sealer:
    """Seals everything that waits, 1,000 events per commit, while it holds the lease."""

    def __init__(self) -> None:
        self._leases: Leases | None = None

    async def __call__(self, database: Database) -> None:
        """Work until nothing waits. Raises SealerReplacedError; the next run asks for the lease."""
        self._leases = self._leases or Leases(database.engine, "sealer")
        while shards := await self._leases.keep():
            async with database.reading() as connection:
                if not await sealing.anything_waiting(connection, shards):
                    return
            with _holding(self._leases) as holder, Steps(SpanKind.INTERNAL) as steps:
                async with database.begin(Origin(correlation_id=str(new_id()))) as uow:
                    for traceparent in await handlers.seal_batch(holder, uow):
                        steps.begin("seal", traceparent, {})


class Notary:
    """Signs a checkpoint when one is due, while it holds the lease.

    now: system time, UTC. demo: the deployment's flag, carried by what is announced.
    """

    def __init__(
        self, key: Ed25519PrivateKey, *, demo: bool, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._key = key
        self._demo = demo
        self._now = now
        self._leases: Leases | None = None

    async def __call__(self, database: Database) -> None:
        """Sign at most one checkpoint. Raises SealerReplacedError; the next run asks again."""
        self._leases = self._leases or Leases(database.engine, "checkpoint")
        if not await self._leases.keep() or not await self._due(database):
            return
        with _holding(self._leases) as holder:
            async with database.begin(Origin(correlation_id=str(new_id()), demo=self._demo)) as uow:
                await handlers.sign_checkpoint(self._key, holder, uow)

    async def _due(self, database: Database) -> bool:
        async with database.reading() as connection:
            progress = await checkpoints.progress(connection)
        last = progress.last_time
        since_last = None if last is None else self._now() - datetime.fromisoformat(last)
        return is_due(progress.records - progress.covered, since_last)


class Auditor:
    """Verifies, while it holds the lease, what was sealed since, and every chain anew once a day.

    now: system time, UTC.
    """

    def __init__(self, key: Ed25519PublicKey, *, now: Callable[[], datetime] = clock.now) -> None:
        self._key = key
        self._now = now
        self._leases: Leases | None = None

    async def __call__(self, database: Database) -> None:
        """Go through the chains that waited longest."""
        self._leases = self._leases or Leases(database.engine, "audit")
        if not await self._leases.keep():
            return
        async with database.reading() as connection:
            due = await audits.due(connection, self._now() - ANEW_AFTER, _CHAINS_AT_ONCE)
        held = await verification.anchor(database, self._key) if due else None
        for chain, recent in due:
            if held is None or not await self._leases.keep():
                return
            await self._audit(database, held, chain, recent=recent)

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


def working_with(key: Ed25519PrivateKey, *, demo: bool) -> tuple[Job, ...]:
    """The jobs of a worker that signs with this key."""
    return (
        Job("sealer", SEAL_EVERY, Sealer(), after_commits=True),
        Job("notary", LOOK_EVERY, Notary(key, demo=demo), after_commits=True),
        Job("auditor", AUDIT_EVERY, Auditor(key.public_key())),
    )


async def verify(database: Database, key: Ed25519PublicKey, out: TextIO) -> int:
    """Verify every chain and every checkpoint, one JSON line each.

    Returns the exit code: 0 without any finding, 3 with declared breaks alone, else 1.
    """
    fine, breaks = True, 0
    async for answer in verification.everything(database, key):
        fine = fine and answer.unchanged
        breaks += answer.breaks if isinstance(answer, VerificationAnswer) else 0
        out.write(dumps(answer.model_dump(mode="json")) + "\n")
    if not fine:
        return 1
    return 3 if breaks else 0


async def compare(generation: Generation, out: TextIO) -> bool:
    """Hold the file against the log as far as it was heard; True when they are the same.

    Prints one JSON line. Needs the owner's role, for a table of its own while it lasts.
    """
    found = LogComparison()
    async with generation.shadow.engine.connect() as connection:
        await found.begin(connection)
        ends = await generation.live_positions(connection)
        async for page in generation.heard(ends):
            await found.take(connection, page)
        await found.finish(connection)
    out.write(dumps({**found.model_dump(), "equal": found.equal}) + "\n")
    return found.equal
