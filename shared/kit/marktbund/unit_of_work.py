"""One transaction = state + inbox + outbox. The only place of the tree that commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from marktbund import clock, outbox
from marktbund.contracts.base import Message
from marktbund.envelope import Origin
from marktbund.jsons import dumps, loads

STATEMENT_SECONDS = 30
LOCK_SECONDS = 10
"""How long a service waits: whoever gives up earlier cannot say what became of the request."""


class UnitOfWork:
    """What a handler works in: a connection, the time, and what it announces.

    now: system time, UTC. business_now: the time orders are dated by. Events announced are
    written to the outbox with the commit, so their seq is drawn after the handler's row locks.
    committing: everything is written, and from here on an error leaves open whether it is kept.
    """

    def __init__(self, connection: AsyncConnection, origin: Origin, now: datetime) -> None:
        self.connection = connection
        self.origin = origin
        self.now = now
        self.committing = False
        self._pending: list[tuple[Message, Origin]] = []

    @property
    def business_now(self) -> datetime:
        """Business time of the request or event being handled, UTC."""
        return self.origin.business_time or self.now

    def announce(self, *events: Message, origin: Origin | None = None) -> None:
        """Announce facts with this commit; `origin` where a batch serves many origins."""
        self._pending.extend((event, origin or self.origin) for event in events)

    def take_announced(self) -> list[tuple[Message, Origin]]:
        """What was announced so far, handed over once."""
        pending, self._pending = self._pending, []
        return pending


class Database:
    """A service's database: makes units of work and wakes the relay after their commits."""

    def __init__(self, engine: AsyncEngine, source: str) -> None:
        self.engine = engine
        self.source = source
        self.commits = 0
        self._committed = asyncio.Event()

    @asynccontextmanager
    async def begin(self, origin: Origin) -> AsyncIterator[UnitOfWork]:
        """A unit of work: commits when the block ends, rolls back when it raises."""
        async with self.engine.connect() as connection, connection.begin():
            unit = UnitOfWork(connection, origin, clock.now())
            yield unit
            await self.flush(unit)
        self.note_commit()

    def note_commit(self) -> None:
        """Wake whoever waits for something new in this database."""
        self.commits += 1
        self._committed.set()
        self._committed = asyncio.Event()

    async def wait_for_commit(self, seen: int, seconds: float) -> None:
        """Return at once if there were commits since `seen`, else at the next, or after a time.

        Wakes within the process only: NOTIFY in a business transaction would serialise commits.
        """
        if self.commits == seen:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._committed.wait(), seconds)

    async def flush(self, unit: UnitOfWork) -> None:
        """Write what was announced to the outbox, inside the transaction."""
        pending = unit.take_announced()
        if pending:
            await outbox.write(unit.connection, self.source, unit.now, pending)
        unit.committing = True

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for questions; nothing it does is kept."""
        async with self.engine.connect() as connection:
            yield connection


def create_engine(
    url: str | SecretStr,
    *,
    application: str,
    pool_size: int = 5,
    max_overflow: int = 5,
    search_path: str = "public",
) -> AsyncEngine:
    """An engine with our timeouts: statements 30 s, locks 10 s, idle transactions 60 s."""
    return create_async_engine(
        url.get_secret_value() if isinstance(url, SecretStr) else url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_pre_ping=False,
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=loads,
        connect_args={
            "server_settings": {
                "application_name": application,
                "statement_timeout": str(STATEMENT_SECONDS * 1000),
                "lock_timeout": str(LOCK_SECONDS * 1000),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
                "search_path": search_path,
            }
        },
    )
