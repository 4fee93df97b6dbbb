"""A batch of records becomes one transaction, or, where one record spoils it, one each."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from opentelemetry.trace import SpanKind
from structlog.contextvars import bound_contextvars

from marktbund.consuming import dead_letters, offsets, skipping
from marktbund.consuming.dead_letters import Parked, cause_of, topic_key
from marktbund.consuming.inbox import Inbox
from marktbund.consuming.offsets import OffsetsMovedError, Tally
from marktbund.contracts.base import Message, Topic
from marktbund.envelope import (
    Origin,
    PoisonError,
    Received,
    Unread,
    dated,
    joined_by,
    joined_by_headers,
    read,
)
from marktbund.failures import is_transient
from marktbund.ids import new_id
from marktbund.telemetry import tracing
from marktbund.telemetry.metrics import BATCH_FAILURES, CONSUMED, OFFSETS_MOVED
from marktbund.unit_of_work import Database, UnitOfWork

Handler = Callable[[Sequence[Received], UnitOfWork], Awaitable[None]]
"""Applies a topic's fresh records, in order, inside the unit of work."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a service listens to: one consumer, over all its topics.

    keeps_unread: hands its handlers events of types that this release does not know, too; all
    others skip them. at_once: the most records of one transaction; what their handlers lock stays
    locked as long. deciding: topics whose events take or free limits, ceilings or capacity: each of
    them is a transaction of its own, so that no such lock is held while others are handled. Events
    of all other topics are applied, a batch in one transaction.
    """

    handlers: Mapping[Topic, Handler]
    inbox: Inbox | None = None
    keeps_unread: bool = False
    at_once: int = 500
    deciding: frozenset[Topic] = frozenset()


@dataclass(frozen=True, slots=True)
class Effects:
    """What became of readable records: every one is in one of the three, in the order given.

    entered: applied now. skipped: of a type that this release does not know. repeated: applied by
    an earlier transaction, or earlier in the same batch.
    """

    entered: Sequence[Received]
    skipped: Sequence[Received]
    repeated: Sequence[Received]


_log = structlog.get_logger(__name__)


def one_by_one(
    table: Mapping[type[Message], Callable[[Any, UnitOfWork], Awaitable[None]] | None],
) -> Handler:
    """A handler that gives each event to the function of its type; None: nothing to do.

    While an event is handled, the unit of work's origin is the event's, so that what it causes
    carries its correlation id and its business time.
    """

    async def handle(records: Sequence[Received], uow: UnitOfWork) -> None:
        for record in records:
            function = table[type(record.event)]
            if function is not None:
                # Consumers date by the event, never by their own clock.
                uow.origin = dated(record.origin, record.business_time)
                with bound_contextvars(**joined_by(record.origin)):
                    await function(record.event, uow)

    return handle


class Batches:
    """One consumer's transactions over records."""

    def __init__(self, database: Database, consumer: str, prefix: str, hearing: Hearing) -> None:
        self._database = database
        self._consumer = consumer
        self._prefix = prefix
        self._hearing = hearing
        self._inbox = hearing.inbox or Inbox(consumer)
        self.expected: dict[TopicPartition, int] = {}

    async def apply(self, records: Sequence[ConsumerRecord]) -> None:
        """Apply records of any partitions, each partition's in order; what decides comes last.

        Raises OffsetsMovedError when the stored offsets say otherwise, and transient errors as
        they come; a permanent error parks the one record that causes it.
        """
        deciding = {self._prefix + topic.name for topic in self._hearing.deciding}
        applied = [record for record in records if record.topic not in deciding]
        if applied:
            await self._apply_together(applied)
        for record in records:
            if record.topic in deciding:
                await self._apply_alone(record)

    async def _apply_together(self, records: Sequence[ConsumerRecord]) -> None:
        try:
            await self._transaction(records, None)
        except Exception as error:
            _note(error)
            if is_transient(error):
                raise
            _log.warning("batch_taken_apart", records=len(records), error=type(error).__name__)
            for record in records:
                await self._apply_alone(record)

    async def _apply_alone(self, record: ConsumerRecord) -> None:
        try:
            await self._transaction([record], None)
        except Exception as error:
            _note(error)
            if is_transient(error):
                raise
            await self._transaction([record], Parked(record, *cause_of(error)))

    def _not_passed(self, records: Sequence[ConsumerRecord]) -> list[ConsumerRecord]:
        # A rebalance may seek while a batch is being committed: what that batch applied comes
        # again, from before the offset it stored.
        return [
            record
            for record in records
            if record.offset >= self.expected.get(TopicPartition(record.topic, record.partition), 0)
        ]

    async def _transaction(self, given: Sequence[ConsumerRecord], bad: Parked | None) -> None:
        records = self._not_passed(given)
        if not records:
            return
        tallies = _tallies(records)
        first = {tp: self.expected.get(tp) for tp in tallies}
        origin = Origin(correlation_id=str(new_id()))
        with tracing.Steps(SpanKind.CONSUMER) as steps:
            async with self._database.begin(origin) as uow:
                await offsets.lock(uow.connection, self._consumer, first)
                readable, parked = await self._sort(uow, records, bad)
                effects = await self.effects(uow, readable, steps)
                await dead_letters.park(uow.connection, self._consumer, parked)
                await skipping.note(uow.connection, self._consumer, effects.skipped)
                self._count(tallies, effects, parked)
                await offsets.advance(uow.connection, self._consumer, tallies)
        self.expected.update({tp: tally.next_offset for tp, tally in tallies.items()})
        self._publish(tallies)

    async def effects(
        self, uow: UnitOfWork, readable: Sequence[Received], steps: tracing.Steps
    ) -> Effects:
        """Inbox, versions and handlers over readable records; returns what became of them.

        What is skipped enters no inbox, so that a later release can still apply it.
        """
        known: list[Received] = []
        skipped: list[Received] = []
        for record in readable:
            (skipped if self.skips(record) else known).append(record)
        entered = await self._inbox.enter(uow.connection, known)
        repeated = _without(known, entered)
        # Versions are followed in the order of the log, those of skipped records too.
        fresh = _without(readable, repeated) if skipped else entered
        gaps = await self._inbox.follow(uow.connection, fresh)
        if gaps:
            _log.warning("version_gap", consumer=self._consumer, gaps=gaps)
        await self._dispatch([self._traced(record, steps) for record in entered], uow)
        return Effects(entered, skipped, repeated)

    def skips(self, record: Received) -> bool:
        """Whether its type is one this release does not know, and nobody here keeps such."""
        return not self._hearing.keeps_unread and isinstance(record.event, Unread)

    async def _sort(
        self, uow: UnitOfWork, records: Sequence[ConsumerRecord], bad: Parked | None
    ) -> tuple[list[Received], list[Parked]]:
        """Readable records, and those to park: unreadable, failed, or behind such a one."""
        waiting = await dead_letters.quarantined(uow.connection, self._consumer, records)
        readable: list[Received] = []
        parked: list[Parked] = []
        for record in records:
            key = topic_key(record)
            letter = bad
            if letter is None and key in waiting:
                letter = Parked(record, "key_quarantined", "an earlier record of this key waits")
            if letter is None:
                try:
                    readable.append(read(record, self._prefix))
                    continue
                except PoisonError as poison:
                    letter = Parked(record, poison.code, poison.detail)
            parked.append(letter)
            if key is not None:
                waiting.add(key)
            _log.error(
                "record_parked",
                code=letter.code,
                topic=record.topic,
                offset=record.offset,
                **joined_by_headers(record),
            )
        return readable, parked

    def _traced(self, record: Received, steps: tracing.Steps) -> Received:
        # What a handler announces goes on under the span of the record it was caused by.
        if record.origin.traceparent is None:
            return record
        about: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.consumer.group.name": self._consumer,
            "messaging.destination.partition.id": str(record.partition),
            "messaging.kafka.offset": record.offset,
        }
        name = f"process {record.topic.name}"
        carried = steps.begin(name, record.origin.traceparent, about)
        return replace(record, origin=replace(record.origin, traceparent=carried))

    def _publish(self, tallies: Mapping[TopicPartition, Tally]) -> None:
        for tp, tally in tallies.items():
            topic = tp.topic.removeprefix(self._prefix)
            CONSUMED.labels(topic, "applied").inc(tally.applied)
            CONSUMED.labels(topic, "duplicate").inc(tally.duplicates)
            CONSUMED.labels(topic, "parked").inc(tally.parked)
            CONSUMED.labels(topic, "skipped").inc(tally.skipped)

    async def _dispatch(self, fresh: Sequence[Received], uow: UnitOfWork) -> None:
        by_topic: dict[Topic, list[Received]] = defaultdict(list)
        for record in fresh:
            by_topic[record.topic].append(record)
        for topic, handler in self._hearing.handlers.items():
            if topic in by_topic:
                await handler(by_topic[topic], uow)

    def _count(
        self,
        tallies: Mapping[TopicPartition, Tally],
        effects: Effects,
        parked: Sequence[Parked],
    ) -> None:
        def tally(received: Received) -> Tally:
            return tallies[TopicPartition(self._prefix + received.topic.name, received.partition)]

        for received in effects.entered:
            tally(received).applied += 1
        for received in effects.skipped:
            tally(received).skipped += 1
        for received in effects.repeated:
            tally(received).duplicates += 1
        for letter in parked:
            tallies[TopicPartition(letter.record.topic, letter.record.partition)].parked += 1


def _without(records: Sequence[Received], others: Sequence[Received]) -> list[Received]:
    """Those of the records, in their order, that are not the very ones among the others."""
    if len(records) == len(others):
        return []
    gone = set(map(id, others))
    return [record for record in records if id(record) not in gone]


def _note(error: Exception) -> None:
    if isinstance(error, OffsetsMovedError):
        OFFSETS_MOVED.inc()
    else:
        BATCH_FAILURES.labels("transient" if is_transient(error) else "permanent").inc()


def _tallies(records: Sequence[ConsumerRecord]) -> dict[TopicPartition, Tally]:
    tallies: dict[TopicPartition, Tally] = {}
    for record in records:
        tallies[TopicPartition(record.topic, record.partition)] = Tally(record.offset + 1)
    return tallies
