"""The day's anchor is made and delivered: claim (commit), call, record (commit)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation import handlers
from documentation.domain.anchors import AnchoredCheckpoint, AnchorOutcome, Channel
from documentation.domain.footing import SigningRefusedError
from documentation.store import anchors
from marktbund import clock
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.leases import Lease
from marktbund.unit_of_work import Database

_log = structlog.get_logger(__name__)


class Carrier(Protocol):
    """Takes an anchor outside."""

    async def __call__(self, anchored: AnchoredCheckpoint) -> AnchorOutcome:
        """Try once; every way to fail is an outcome."""


class Anchorer:
    """Makes one anchor a day in Europe/Berlin, and tries each channel until it has it.

    now: system time, UTC. demo: the deployment's flag, carried by what is announced.
    """

    def __init__(
        self,
        key: Ed25519PublicKey,
        channels: Mapping[Channel, Carrier],
        *,
        demo: bool,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._key = key
        self._channels = channels
        self._demo = demo
        self._now = now
        self._lease: Lease | None = None

    async def __call__(self, database: Database) -> None:
        """Make what is missing, and go on until nothing is due."""
        self._lease = self._lease or Lease(database.engine, "anchor")
        if not await self._lease.keep():
            return
        day = clock.business_date(self._now())
        async with database.reading() as connection:
            made = await anchors.is_made(connection, day)
        if not made:
            try:
                async with database.begin(self._origin()) as uow:
                    await handlers.make_anchor(self._now(), self._key, tuple(self._channels), uow)
            except SigningRefusedError as refused:
                _log.error("anchor_not_made", reason=refused.code, detail=refused.detail)
        while await self._turn(database):
            pass

    async def _turn(self, database: Database) -> bool:
        channels = tuple(self._channels)
        async with database.reading() as connection:
            if not await anchors.due(connection, self._now(), channels):
                return False
        async with database.begin(self._origin()) as uow:
            claim = await handlers.claim_delivery(self._now(), channels, uow)
        if claim is None:
            return False
        outcome = await self._channels[claim.channel](claim.anchored)
        if not outcome.delivered:
            about = {"day": claim.anchored.day.isoformat(), "channel": claim.channel}
            _log.error(
                "anchor_not_delivered", reason=outcome.reason, attempts=claim.attempts, **about
            )
        async with database.begin(self._origin()) as uow:
            await handlers.record_delivery(claim, outcome, self._now(), uow)
        return True

    def _origin(self) -> Origin:
        return Origin(correlation_id=str(new_id()), demo=self._demo)
