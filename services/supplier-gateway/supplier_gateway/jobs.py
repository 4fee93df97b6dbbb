"""Work on the clock: push documents to suppliers' endpoints. Claim (commit), call, record (commit).

One coroutine speaks with the database, calls are tasks beside it: however many suppliers are slow,
the next turn claims for the others.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import random
from uuid import UUID

import structlog

from marktbund import clock
from marktbund.composition import Job
from marktbund.envelope import Origin
from marktbund.failures import is_transient
from marktbund.ids import new_id
from marktbund.unit_of_work import Database
from supplier_gateway import handlers
from supplier_gateway.domain.calls import DeliveryClaim, EndedCall
from supplier_gateway.domain.deliveries import CallOutcome
from supplier_gateway.gateways.counting import WEBHOOK_ATTEMPTS, WEBHOOK_SECONDS
from supplier_gateway.gateways.vault import SealBrokenError, Vault
from supplier_gateway.gateways.webhooks import HttpCaller, WebhookCall, WebhookCaller
from supplier_gateway.handlers.pushing import Claimed
from supplier_gateway.store import claims
from supplier_gateway.views import documents

_log = structlog.get_logger(__name__)
LOOK_EVERY = timedelta(seconds=1)
CALLS_AT_ONCE = 400
"""Of one worker, over all suppliers; each supplier has its own, far lower bound."""
HELD_AT_ONCE = 100
_GATHER_SECONDS = 0.02


class Dispatcher:
    """Pushes what is due, as long as it runs. Several processes share the work by leases.

    demo: the deployment's flag, carried by what is announced. now: system time. chance: 0 to 1.
    """

    def __init__(
        self,
        vault: Vault,
        call: WebhookCaller,
        *,
        demo: bool,
        now: Callable[[], datetime] = clock.now,
        chance: Callable[[], float] = random,
    ) -> None:
        self._vault = vault
        self._call = call
        self._demo = demo
        self._now = now
        self._chance = chance
        self._calls: set[asyncio.Task[None]] = set()
        self._ended: list[EndedCall] = []
        self._news = asyncio.Event()

    async def __call__(self, database: Database) -> None:
        """Work until cancelled; what is on its way then is called again when its lease ends."""
        try:
            while True:
                seen = database.commits
                own = await self.turn(database)
                await self._pause(database, seen + own)
        except asyncio.CancelledError:
            await self.drop()
            raise

    async def turn(self, database: Database) -> int:
        """Record what ended, claim what is due, begin its calls; returns its own commits."""
        self._news.clear()
        commits = await self._record(database)
        now = self._now()
        async with database.reading() as connection:
            due = await claims.due(connection, now)
            held = await claims.held(connection, now, HELD_AT_ONCE)
        if held:
            async with database.begin(self._origin()) as uow:
                await handlers.hold_back(held, now, uow, demo=self._demo)
            commits += 1
        room = CALLS_AT_ONCE - len(self._calls)
        if due and room > 0:
            async with database.begin(self._origin()) as uow:
                claimed = await handlers.claim_documents(due, room, now, uow)
            commits += 1
            await self._begin_calls(claimed, database)
        return commits

    async def settle(self) -> None:
        """Wait until every call on its way has ended; the next turn records them."""
        await asyncio.gather(*self._calls)

    async def drop(self) -> None:
        """Give up the calls on their way, as a process that ends does."""
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _origin(self) -> Origin:
        return Origin(str(new_id()), demo=self._demo)

    async def _record(self, database: Database) -> int:
        ended = list(self._ended)
        if not ended:
            return 0
        commits = 0
        try:
            await self._commit_calls(ended, database)
            commits += 1
        except Exception as error:
            if is_transient(error):
                raise  # they are recorded when it is back
            for call in ended:  # one of them: the others are not to wait behind it
                commits += await self._commit_alone(call, database)
        del self._ended[: len(ended)]  # only now: after a failed commit they are recorded again
        return commits

    async def _commit_alone(self, call: EndedCall, database: Database) -> int:
        try:
            await self._commit_calls([call], database)
        except Exception as error:
            if is_transient(error):
                raise
            # As if its worker had died: called again under the same id when its lease ends.
            delivery_id = str(call.claim.attempt.delivery_id)
            _log.exception("webhook_call_not_recorded", delivery_id=delivery_id)
            return 0
        return 1

    async def _commit_calls(self, ended: Sequence[EndedCall], database: Database) -> None:
        async with database.begin(self._origin()) as uow:
            await handlers.record_calls(ended, self._now(), self._chance, uow, demo=self._demo)

    async def _begin_calls(self, claimed: Claimed, database: Database) -> None:
        if not claimed.claims:
            return
        bodies = await _bodies([claim.attempt.delivery_id for claim in claimed.claims], database)
        for claim in claimed.claims:
            body = bodies.get(claim.attempt.delivery_id)
            task = asyncio.create_task(self._carry_out(claim, claimed, body))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _carry_out(self, claim: DeliveryClaim, claimed: Claimed, body: str | None) -> None:
        begun = time.monotonic()
        called = claimed.channels[claim.supplier_id]
        try:
            outcome = await self._outcome(claim, claimed, called.url, body)
        except Exception as error:  # noqa: BLE001 - the call is over, whatever it is
            delivery_id = str(claim.attempt.delivery_id)
            _log.exception("webhook_attempt_failed", delivery_id=delivery_id)
            outcome = CallOutcome("unreachable", cause=type(error).__name__)
        WEBHOOK_SECONDS.observe(time.monotonic() - begun)
        WEBHOOK_ATTEMPTS.labels(outcome.result).inc()
        self._ended.append(EndedCall(claim, outcome, called))
        self._news.set()

    async def _outcome(
        self, claim: DeliveryClaim, claimed: Claimed, url: str, body: str | None
    ) -> CallOutcome:
        if body is None:
            return CallOutcome("unreachable", cause="document_unreadable")
        sealed = claimed.secrets[claim.supplier_id]
        try:
            secrets = [self._vault.open(claim.supplier_id, secret.sealed) for secret in sealed]
        except SealBrokenError:
            secrets = []
        if not secrets:  # nothing leaves unsigned
            _log.error("webhook_secret_does_not_open", supplier_id=str(claim.supplier_id))
            return CallOutcome("unreachable", cause="secret_does_not_open")
        return await self._call(WebhookCall(url, claim.attempt.delivery_id, body, secrets))

    async def _pause(self, database: Database, seen: int) -> None:
        """Until a call ends, something is committed here, or a second is over."""
        news = asyncio.create_task(self._news.wait())
        commit = asyncio.create_task(database.wait_for_commit(seen, LOOK_EVERY.total_seconds()))
        try:
            await asyncio.wait({news, commit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (news, commit):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await asyncio.sleep(_GATHER_SECONDS)  # what ends or comes together is one commit


async def _bodies(ids: Sequence[UUID], database: Database) -> dict[UUID, str]:
    """Documents by delivery; one that cannot be written is missing and holds up no other."""
    try:
        async with database.reading() as connection:
            return await documents.bodies(connection, ids)
    except ValueError:
        if len(ids) == 1:
            _log.exception("webhook_document_unreadable", delivery_id=str(ids[0]))
            return {}
    bodies: dict[UUID, str] = {}
    for delivery_id in ids:
        bodies |= await _bodies([delivery_id], database)
    return bodies


def pushing_with(vault: Vault, *, demo: bool, private_allowed: bool) -> tuple[Job, ...]:
    """The job of a worker that can open the channels' secrets."""
    caller = HttpCaller(clock.now, private_allowed=private_allowed)
    return (Job("dispatcher", LOOK_EVERY, Dispatcher(vault, caller, demo=demo)),)
