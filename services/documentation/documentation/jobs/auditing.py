"""The file is verified on the clock, and what is found raises an alarm."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documentation.store import audits
from documentation.views import seals, verification
from documentation.views.verification import Anchor
from marktbund import clock
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.leases import Leases
from marktbund.unit_of_work import Database

ANEW_AFTER = timedelta(days=1)
_CHAINS_AT_ONCE = 100
_log = structlog.get_logger(__name__)


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
