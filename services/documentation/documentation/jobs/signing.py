"""Checkpoints are signed, where the database and the topic agree on the one before."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from documentation import handlers
from documentation.domain.checkpoints import SignedCheckpoint, is_due, is_signed_by, signed_of
from documentation.domain.footing import (
    SigningRefusedError,
    SigningWaitsError,
    Vouched,
)
from documentation.domain.naming import listed
from documentation.jobs.holding import holding
from documentation.store import checkpoints, disposals
from documentation.store.disposals import ContentPosition
from documentation.store.signing import Note
from marktbund import clock
from marktbund.ahead import LogAwayError, Tail
from marktbund.contracts.documentation import CheckpointSigned
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.leases import Lease
from marktbund.unit_of_work import Database

CONTENTS_AT_ONCE = 2000
"""Contents looked at before each signature; the whole file has its turn, bit by bit."""
REPEAT_LOG_AFTER = 60.0
"""Seconds after which the same reason is logged again."""
PATIENCE = 10.0
"""Seconds of waiting that are not worth a word: the relay is on its way."""
SIGNING = Note()
_log = structlog.get_logger(__name__)


class Published(Protocol):
    """Whoever knows which of our checkpoints stands last in the topic."""

    async def __call__(self) -> SignedCheckpoint | None:
        """The one with the highest number, None where there is none. Raises LogAwayError."""


class LastPublished:
    """The topic's own word. A record that the key's holder did not sign counts for nothing.

    The ledger's id is not asked for: a database made anew beside an old topic must not begin again.
    """

    def __init__(self, tail: Tail, key: Ed25519PublicKey) -> None:
        self._tail = tail
        self._key = key
        self._last: SignedCheckpoint | None = None

    async def __call__(self) -> SignedCheckpoint | None:
        """What stands there now."""
        for record in await self._tail.read():
            if not isinstance(record.event, CheckpointSigned):
                continue
            signed = signed_of(record.event)
            if not is_signed_by(signed, self._key):
                _log.error("checkpoint_not_ours", number=record.event.number, offset=record.offset)
            elif self._last is None or signed.checkpoint.number > self._last.checkpoint.number:
                self._last = signed
        return self._last


@dataclass(slots=True)
class _Standing:
    """What was noted last, by this process, and when it was logged (monotonic)."""

    note: Note | None = None
    logged: float = -REPEAT_LOG_AFTER


class Notary:
    """Signs a checkpoint when one is due, while it holds the lease.

    now: system time, UTC. demo: the deployment's flag, carried by what is announced. patience:
    so many seconds it waits for the topic without a word.
    """

    def __init__(
        self,
        key: Ed25519PrivateKey,
        published: Published,
        *,
        demo: bool,
        now: Callable[[], datetime] = clock.now,
        patience: float = PATIENCE,
    ) -> None:
        self._key = key
        self._published = published
        self._demo = demo
        self._now = now
        self._lease: Lease | None = None
        self._signed: SignedCheckpoint | None = None
        self._standing = _Standing()
        self._patience = patience
        self._waits_since: float | None = None
        self._looked_until = ContentPosition()

    async def __call__(self, database: Database) -> None:
        """Sign at most one checkpoint, or note why none is signed.

        Raises SealerReplacedError; the next run asks again.
        """
        self._lease = self._lease or Lease(database.engine, "checkpoint")
        if not await self._lease.keep() or not await self._due(database):
            return
        try:
            await self._sign(database, self._lease)
        except SigningWaitsError as waits:
            self._waits_since = self._waits_since or time.monotonic()
            if time.monotonic() - self._waits_since >= self._patience:
                await self._note(database, Note("waiting", waits.code, waits.detail))
            return
        except SigningRefusedError as refused:
            await self._note(database, Note("refused", refused.code, refused.detail))
        else:
            await self._note(database, SIGNING)
        self._waits_since = None

    async def _sign(self, database: Database, lease: Lease) -> None:
        try:
            published = await self._published()
        except LogAwayError as error:
            raise SigningWaitsError("kafka_away", str(error)) from error
        await self._refuse_gone(database)
        vouched = Vouched(published, self._signed)
        with holding(lease) as holder:
            async with database.begin(self._origin()) as uow:
                signed = await handlers.sign_checkpoint(self._key, holder, uow, vouched)
        self._signed = signed

    async def _refuse_gone(self, database: Database) -> None:
        async with database.reading() as connection:
            end, gone = await disposals.missing(connection, self._looked_until, CONTENTS_AT_ONCE)
        if gone:
            raise SigningRefusedError("content_missing", listed(gone))
        self._looked_until = end

    async def _note(self, database: Database, note: Note) -> None:
        before = self._standing
        if note != before.note:
            async with database.begin(self._origin()) as uow:
                await handlers.keep_note(uow, note)
        repeated = time.monotonic() - before.logged < REPEAT_LOG_AFTER
        if note == SIGNING or (note == before.note and repeated):
            self._standing = _Standing(note, before.logged)
            return
        log = _log.critical if note.state == "refused" else _log.warning
        log(f"signing_{note.state}", reason=note.reason, detail=note.detail)
        self._standing = _Standing(note, time.monotonic())

    def _origin(self) -> Origin:
        return Origin(correlation_id=str(new_id()), demo=self._demo)

    async def _due(self, database: Database) -> bool:
        async with database.reading() as connection:
            progress = await checkpoints.progress(connection)
        last = progress.last_time
        since_last = None if last is None else self._now() - datetime.fromisoformat(last)
        return is_due(progress.records - progress.covered, since_last)
