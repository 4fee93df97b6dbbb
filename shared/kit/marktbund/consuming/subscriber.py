"""FastStream under our policy: batches, stored offsets, back-off, a guard, readiness."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage
from faststream.security import SASLScram512

from marktbund.consuming import offsets
from marktbund.consuming.batches import Batches, Hearing
from marktbund.consuming.lag import Behind
from marktbund.consuming.offsets import ForeignLogError, OffsetsMovedError
from marktbund.failures import is_transient
from marktbund.kafka_access import KafkaAccess
from marktbund.telemetry import waiting
from marktbund.telemetry.metrics import BATCH_SECONDS, COMMIT_ERRORS
from marktbund.telemetry.scraping import Lag
from marktbund.topics import identify
from marktbund.unit_of_work import Database

BATCH_TIMEOUT_MS = 200
FETCH_WAIT_MS = 2000
"""How long the broker holds a fetch when there is nothing; news are sent at once. aiokafka's 500
makes an idle service encode over a hundred partitions twice a second."""
RETRY_SECONDS = (0.1, 0.3, 1.0, 3.0, 5.0, 5.0, 5.0)
_STALE_AFTER = 60.0
GIVEN_UP_AFTER = 300.0
"""Seconds without a poll after which the group goes on without this consumer."""
_log = structlog.get_logger(__name__)


class HandlerCancelledError(Exception):
    """A CancelledError leaked from a handler; without this the subscriber would stop for ever."""


def consumer_name(prefix: str, service: str) -> str:
    """The name of a service's consumer: its group, and the owner of its offsets and letters."""
    return f"{prefix}{service}.v1"


class Consumer:
    """One service's subscriber."""

    def __init__(
        self, database: Database, kafka: KafkaAccess, hearing: Hearing, *, prefix: str
    ) -> None:
        self.name = consumer_name(prefix, database.source)
        self._kafka = kafka
        self._database = database
        self._batches = Batches(database, self.name, prefix, hearing)
        self._behind = Behind(prefix)
        self._topics = [prefix + topic.name for topic in hearing.handlers]
        self._stopped_because = ""
        self._working = asyncio.Lock()
        self._broker = KafkaBroker(
            kafka.bootstrap,
            security=_security(kafka),
            client_id=self.name,
            graceful_timeout=15,
            allow_auto_create_topics=False,
            logger=None,
        )
        self._subscriber = self._broker.subscriber(
            *self._topics,
            group_id=self.name,
            batch=True,
            max_records=hearing.at_once,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            auto_offset_reset="earliest",
            max_poll_interval_ms=int(GIVEN_UP_AFTER * 1000),
            partition_assignment_strategy=[StickyPartitionAssignor],
            listener=_Seeking(self),
            parser=self._parse,
            decoder=self._decode,
        )
        self._subscriber(self._handle)

    async def start(self) -> None:
        """Join the group. Raises what aiokafka raises when the broker cannot be reached."""
        await self._broker.start()

    async def stop(self) -> None:
        """Finish the batch in hand, leave the group."""
        await self._broker.stop()

    def trouble(self) -> str:
        """Why this consumer is not working, or empty. Looks at tasks, not at a ping."""
        if reason := self._stopped_because or self._dead():
            return reason
        return "no poll for a minute" if self.poll_age() > _STALE_AFTER else ""

    def poll_age(self) -> float:
        """Seconds since anybody waited for records; aiokafka's own measure for the group."""
        idle: float = self._consumer._subscription.fetcher_idle_time  # noqa: SLF001
        return idle

    def waits_in(self) -> list[str]:
        """Where its tasks wait, when it has not polled for a minute; for the log."""
        late = self.poll_age() > _STALE_AFTER
        return [waiting.places(task) for task in self._subscriber.tasks] if late else []

    async def stuck(self) -> bool:
        """Whether no way leads back in: a task died, or was given up though Kafka answers."""
        if self._dead():
            return True
        if self.poll_age() <= GIVEN_UP_AFTER:
            return False
        try:
            await asyncio.to_thread(identify, self._kafka, self._topics)
        except KafkaException:
            return False
        return True

    def _dead(self) -> str:
        tasks = getattr(self._subscriber, "tasks", [])
        if not tasks or any(task.done() for task in tasks):
            return "consumer task is dead"
        # aiokafka starts these two once. Whoever waits for what they tell waits for ever when
        # an exception they do not expect has ended them.
        consumer = self._consumer
        watching = (consumer._client._sync_task, consumer._coordinator._coordination_task)  # noqa: SLF001
        return "a task of Kafka's client is dead" if any(t.done() for t in watching) else ""

    async def lag(self) -> Mapping[str, Lag]:
        """Topic without prefix -> how far this consumer is behind; asks the broker."""
        return await self._behind.measured(self._consumer, self._batches.expected)

    @property
    def _consumer(self) -> AIOKafkaConsumer:
        return self._subscriber.consumer

    async def follow_stored(self) -> None:
        """Seek to stored offsets that were set back meanwhile, as `reread` does.

        A batch notices by itself; a quiet topic has none. Raises what the database raises.
        """
        async with self._working:
            async with self._database.reading() as connection:
                stored = await offsets.stored(connection, self.name, self._batches.expected)
            expected = self._batches.expected
            if any(stored.get(tp, offset) < offset for tp, offset in expected.items()):
                _log.warning("offsets_set_back", consumer=self.name)
                await self.assigned(self._consumer.assignment())

    async def assigned(self, partitions: set[TopicPartition]) -> None:
        """Seek newly assigned partitions to where the database says they go on."""
        self._batches.expected.clear()
        if not partitions:
            return
        try:
            identity = await asyncio.to_thread(identify, self._kafka, self._topics)
            async with self._database.engine.begin() as connection:
                stored = await offsets.resume(connection, self.name, partitions, identity)
        except ForeignLogError as error:
            self._stopped_because = f"foreign log: {error}"
            _log.critical("consumer_stopped", consumer=self.name, reason=str(error))
            self._consumer.pause(*partitions)
            return
        self._seek(stored)

    def _seek(self, stored: Mapping[TopicPartition, int]) -> None:
        for partition, offset in stored.items():
            if partition in self._consumer.assignment():
                self._consumer.seek(partition, offset)
                self._batches.expected[partition] = offset

    async def _parse(self, records: tuple[ConsumerRecord, ...]) -> KafkaMessage:
        # FastStream's own parser decodes headers and body first and would lose or loop on what
        # it cannot decode; ours passes the records on untouched.
        return _Committed(body=b"", raw_message=records, consumer=self._consumer)

    async def _decode(self, message: KafkaMessage) -> None:
        """Nothing: the records go on as they came."""

    async def _handle(self, message: KafkaMessage) -> None:
        if self._stopped_because:
            return
        try:
            with BATCH_SECONDS.time(), self._behind.holding(message.raw_message):
                async with self._working:
                    await self._apply(message.raw_message)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise HandlerCancelledError from None

    async def _apply(self, records: Sequence[ConsumerRecord]) -> None:
        for pause in (*RETRY_SECONDS, None):
            try:
                await self._batches.apply(records)
            except OffsetsMovedError:
                _log.warning("offsets_moved", consumer=self.name, partitions=len(records))
                await self.assigned(self._consumer.assignment())
                return
            except Exception as error:
                if not is_transient(error) or pause is None:
                    raise
                _log.warning("batch_retried", consumer=self.name, error=type(error).__name__)
                await asyncio.sleep(pause)
            else:
                return


def _security(kafka: KafkaAccess) -> SASLScram512:
    context = kafka.tls()
    return SASLScram512(
        username=kafka.user,
        password=kafka.password,
        ssl_context=context,
        use_ssl=context is not None,
    )


class _Committed(KafkaAckableMessage):
    """FastStream drops what a commit raises: it is counted here first."""

    async def ack(self) -> None:
        try:
            await super().ack()
        except KafkaError as error:
            COMMIT_ERRORS.inc()
            _log.warning("kafka_commit_failed", error=type(error).__name__)
            raise


class _Seeking(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Nothing: what is not in the database yet is redelivered to the next owner."""

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        await self._consumer.assigned(assigned)
