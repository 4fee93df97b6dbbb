"""One transaction = state + inbox + outbox. The only place of the tree that commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from marktbund import clock, outbox, statements
from marktbund.contracts.base import Message
from marktbund.contracts.introduced import HeldBackError, flag_of
from marktbund.envelope import Origin
from marktbund.errors import DomainError
from marktbund.jsons import dumps, loads
from marktbund.statements import Clause

STATEMENT_SECONDS = 30
LOCK_SECONDS = 10
"""How long a service waits: whoever gives up earlier cannot say what became of the request."""


class UnitOfWork:
    """What a handler works in: a connection, the time, and what it announces.

    now: system time, UTC. business_now: the time orders are dated by. Events announced are
    written to the outbox with the handler's last write or the commit, so their seq is drawn after
    its row locks. source: whose outbox; without one they stay announced. committing: everything is
    written, and from here on an error leaves open whether it is kept. flags: of types that are new,
    those that this deployment's producers announce.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        origin: Origin,
        now: datetime,
        source: str | None = None,
        flags: frozenset[str] = frozenset(),
    ) -> None:
        self.connection = connection
        self.origin = origin
        self.now = now
        self.committing = False
        self.source = source
        self.flags = flags
        self._pending: list[tuple[Message, Origin]] = []
        self._kept: tuple[Clause, DomainError] | None = None

    @property
    def business_now(self) -> datetime:
        """Business time of the request or event being handled, UTC."""
        return self.origin.business_time or self.now

    def emits(self, kind: type[Message]) -> bool:
        """Whether a type may be announced here: whoever has a new one asks before it decides."""
        flag = flag_of(kind.type_name())
        return flag is None or flag in self.flags

    def announce(self, *events: Message, origin: Origin | None = None) -> None:
        """Announce facts with this commit; `origin` where a batch serves many origins.

        Raises HeldBackError for a type whose flag is off.
        """
        for event in events:
            if not self.emits(type(event)):
                raise HeldBackError(event.type_name())
        self._pending.extend((event, origin or self.origin) for event in events)

    def take_announced(self) -> list[tuple[Message, Origin]]:
        """What was announced so far, handed over once."""
        pending, self._pending = self._pending, []
        return pending

    def keep(self, answer: Clause, otherwise: DomainError) -> None:
        """Keep the answer of this request with its effects; raised where that shows nothing."""
        self._kept = (answer, otherwise)

    async def write(self, *parts: Clause) -> None:
        """A handler's last write: its parts, what was announced and the answer, in one statement.

        Raises what `keep` was told, and TooLarge (`event_too_large`) before anything is written.
        """
        letters = None
        announced = self.take_announced() if self.source is not None else []
        if announced and self.source is not None:
            letters = outbox.letters(self.source, self.now, announced)
            parts = (*parts, letters.part)
        kept, self._kept = self._kept, None
        if kept is not None:
            parts = (*parts, kept[0])
        if not parts:
            return
        shown = (await statements.write(self.connection, *parts))._mapping  # noqa: SLF001 - SQLAlchemy's public name
        if kept is not None and not shown[kept[0].name]:
            raise kept[1]
        if letters is not None and shown[letters.part.name]:
            await letters.renumber(self.connection)


class Database:
    """A service's database: makes units of work and wakes the relay after their commits.

    flags: see `UnitOfWork`.
    """

    def __init__(
        self, engine: AsyncEngine, source: str, flags: frozenset[str] = frozenset()
    ) -> None:
        self.engine = engine
        self.source = source
        self.flags = flags
        self.commits = 0
        self._committed = asyncio.Event()

    @asynccontextmanager
    async def begin(self, origin: Origin, tenant: UUID | None = None) -> AsyncIterator[UnitOfWork]:
        """A unit of work: commits when the block ends, rolls back when it raises.

        tenant: the member whose rows it is about, known to the database as `marktbund.member`.
        """
        async with self.engine.connect() as connection, _transaction(connection, tenant):
            unit = self.unit(connection, origin)
            yield unit
            await self.flush(unit)
        self.note_commit()

    def unit(self, connection: AsyncConnection, origin: Origin) -> UnitOfWork:
        """A unit of work over a connection whose transaction has begun."""
        return UnitOfWork(connection, origin, clock.now(), self.source, self.flags)

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
        """Write what was announced and is to be answered, inside the transaction."""
        unit.source = unit.source or self.source
        await unit.write()
        unit.committing = True

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for questions; nothing it does is kept."""
        async with self.engine.connect() as connection:
            yield connection


@asynccontextmanager
async def _transaction(connection: AsyncConnection, tenant: UUID | None) -> AsyncIterator[None]:
    if tenant is None:
        async with connection.begin():
            yield
        return
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    try:
        await _begin(connection, tenant)
        yield
        await connection.exec_driver_sql("COMMIT")
    except Exception:
        await _roll_back(connection)
        raise
    except BaseException:
        # Given up in the middle: nobody knows what the server still does on it.
        await connection.invalidate()
        raise


async def _begin(connection: AsyncConnection, tenant: UUID) -> None:
    """BEGIN and the tenant in one message, past SQLAlchemy, which would send a BEGIN of its own."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("no connection of the driver")
    try:
        await driver.execute(f"BEGIN; SELECT set_config('marktbund.member', '{tenant}', true)")
    except Exception:
        # A connection that ended under it: SQLAlchemy has to see that to renew its pool.
        await connection.exec_driver_sql("SELECT 1")
        raise


async def _roll_back(connection: AsyncConnection) -> None:
    if connection.invalidated or connection.closed:
        return
    try:
        await connection.exec_driver_sql("ROLLBACK")
    except Exception:  # noqa: BLE001 - what matters is that nobody gets this connection again
        await connection.invalidate()


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
