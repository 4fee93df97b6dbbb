"""Own facts taken back into the database from the log, beside what is consumed again.

Two kinds of facts were lost: those that news from others caused come again by consuming them
again, and what is announced then is in the log already, so it is not said twice. Those that a
request caused are in the log alone: the service's `takes_over` puts them back into its rows.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import clock, published
from marktbund.ahead.finding import Ahead
from marktbund.ahead.owned import Owned, known_versions
from marktbund.consuming.dead_letters import cause_of
from marktbund.contracts.base import Message, Topic
from marktbund.envelope import Origin, Received, dated
from marktbund.failures import is_transient
from marktbund.ids import new_id
from marktbund.unit_of_work import Database, UnitOfWork

TakesOver = Mapping[type[Message], Callable[[Any, UnitOfWork], Awaitable[None]] | None]
"""Type of an own message -> puts it into the service's rows, its version too, announcing nothing;
None: another message brings it."""


_log = structlog.get_logger(__name__)


class _Repeating(UnitOfWork):
    """A unit of work that says nothing twice."""

    in_log: Callable[[Message], bool]

    def take_announced(self) -> list[tuple[Message, Origin]]:
        """What was announced so far and is not in the log, handed over once."""
        return [news for news in super().take_announced() if not self.in_log(news[0])]


class Repeating(Database):
    """A database whose announcements are held against what the log holds already."""

    def __init__(self, database: Database, ahead: Mapping[Topic, Ahead]) -> None:
        super().__init__(database.engine, database.source, database.flags)
        self._types = {topic.name: topic_ahead.types for topic, topic_ahead in ahead.items()}
        self.repeated = 0

    def unit(self, connection: AsyncConnection, origin: Origin) -> UnitOfWork:
        """A unit of work that leaves out what the log has under the same version and type,
        whichever write of a handler it would have gone with.
        """
        made = _Repeating(connection, origin, clock.now(), self.source, self.flags)
        made.in_log = self._in_log
        return made

    def _in_log(self, event: Message) -> bool:
        types = self._types.get(event.topic.name, {}).get(event.key, {})
        there = types.get(event.version) == event.type_name()
        self.repeated += there
        return there


@dataclass(slots=True)
class Taker:
    """Applies own records, page by page; `taken` counts those that changed a row."""

    database: Database
    prefix: str
    owned: Mapping[Topic, Owned]
    takes_over: TakesOver
    taken: int = 0

    async def take(self, records: Sequence[Received]) -> None:
        """One transaction: own facts that are not known yet, in order, and how far that is.

        What a handler refuses is told and left behind: it can only be given up. Raises what may
        work later.
        """
        taken = 0
        async with self.database.begin(Origin(correlation_id=str(new_id()))) as uow:
            for record in records:
                if self.takes_over.get(type(record.event)) and await self._is_new(record, uow):
                    uow.origin = dated(record.origin, record.business_time)
                    taken += await self._tried(record, uow)
            await published.note(uow.connection, self._reached(records))
        self.taken += taken

    async def _is_new(self, record: Received, uow: UnitOfWork) -> bool:
        owned = self.owned[record.topic]
        known = await known_versions(uow.connection, owned, [record.key])
        return record.aggregate_version > known.get(record.key, 0)

    def _reached(self, records: Sequence[Received]) -> dict[published.LogPartition, int]:
        # Only topics that are taken over whole move on: the others must be found again.
        whole = {kind.topic for kind in self.takes_over}
        return {
            (record.topic.name, record.partition): record.offset + 1
            for record in records
            if record.topic in whole
        }

    async def _tried(self, record: Received, uow: UnitOfWork) -> bool:
        function = self.takes_over[type(record.event)]
        if function is None:
            return False
        try:
            async with uow.connection.begin_nested():
                await function(record.event, uow)
        except Exception as error:
            if is_transient(error):
                raise
            cause = cause_of(error)
            _log.error("fact_not_taken_over", type=record.type, key=record.key, cause=cause)
            return False
        return True
