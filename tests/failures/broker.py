"""The log itself, read and written by the test's own client."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from confluent_kafka import TopicPartition as Partition
from confluent_kafka.admin import AdminClient, OffsetSpec

from marktbund.contracts import TOPICS
from marktbund.kafka_access import KafkaAccess
from tests.failures.poison import Poison

PARTITIONS = 12


class LogRecord(NamedTuple):
    """One record of the log, without its value; `topic` without prefix.

    event_id and version are empty where the headers do not say them.
    """

    topic: str
    partition: int
    key: bytes
    event_id: str
    version: int


def event_topics() -> list[str]:
    return [topic.name for topic in TOPICS.values() if topic.kind == "events"]


async def all_records(kafka: KafkaAccess, prefix: str) -> AsyncIterator[ConsumerRecord]:
    """Every record of every events topic, from the first to the present end."""
    # Not seek_to_beginning: the reset to the end, under way since the assignment, may overtake it.
    consumer = AIOKafkaConsumer(
        **kafka.aiokafka(), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = _partitions(prefix + name for name in event_topics())
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    yield record
    finally:
        await consumer.stop()


async def read_log(kafka: KafkaAccess, prefix: str) -> list[LogRecord]:
    """The same without values and headers, so that a long log fits."""
    return [_record_of(record, prefix) async for record in all_records(kafka, prefix)]


def _record_of(record: ConsumerRecord, prefix: str) -> LogRecord:
    headers = {name: (value or b"").decode("ascii", "replace") for name, value in record.headers}
    version = headers.get("aggregate_version", "")
    return LogRecord(
        record.topic.removeprefix(prefix),
        record.partition,
        record.key,
        headers.get("ce_id", ""),
        int(version) if version.isdigit() else 0,
    )


def _partitions(names: Iterable[str]) -> list[TopicPartition]:
    return [TopicPartition(name, number) for name in names for number in range(PARTITIONS)]


async def end_offsets(kafka: KafkaAccess, names: Iterable[str]) -> dict[str, int]:
    """Records per topic, as the broker counts them (no compaction has run yet)."""
    return await asyncio.to_thread(_ends, kafka, list(names))


def _ends(kafka: KafkaAccess, names: list[str]) -> dict[str, int]:
    admin = AdminClient(kafka.librdkafka())
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    asked = {Partition(name, number): latest for name in names for number in range(PARTITIONS)}
    sums: dict[str, int] = defaultdict(int)
    for partition, future in admin.list_offsets(asked, request_timeout=10).items():
        sums[partition.topic] += future.result(20).offset
    return dict(sums)


@dataclass
class Duplicator:
    """Produces a share of the records a second time, later and out of the relay's hands."""

    kafka: KafkaAccess
    prefix: str
    share: float
    rng: random.Random
    poison: Poison
    produced: int = 0
    _seen: set[bytes] = field(default_factory=set)

    async def run(self) -> None:
        """Duplicate what comes by; a broker that is down is waited for. To be cancelled."""
        me = asyncio.current_task()
        while True:
            try:
                await self._session()
            except (KafkaError, OSError):
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                # aiokafka's own tasks, ended while it stops, are not meant for us.
                if me is None or me.cancelling():
                    raise

    async def _session(self) -> None:
        names = [self.prefix + name for name in event_topics()]
        consumer = AIOKafkaConsumer(*names, **self.kafka.aiokafka())
        producer = AIOKafkaProducer(**self.kafka.aiokafka(), acks="all", linger_ms=5)
        try:
            await consumer.start()
            await producer.start()
            while True:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    again = [record for record in records if self._chosen(record)]
                    await asyncio.gather(*(self._again(producer, copy) for copy in again))
        finally:
            await consumer.stop()
            await producer.stop()

    def _chosen(self, record: ConsumerRecord) -> bool:
        if record.key in self.poison.keys:
            return False
        event_id = dict(record.headers)["ce_id"]
        if event_id in self._seen:
            return False
        self._seen.add(event_id)
        return self.rng.random() < self.share

    async def _again(self, producer: AIOKafkaProducer, record: ConsumerRecord) -> None:
        await producer.send_and_wait(
            record.topic, record.value, key=record.key, headers=list(record.headers)
        )
        self.produced += 1
