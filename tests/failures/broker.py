"""The log itself, read and written by the test's own client."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from marktbund.contracts import TOPICS
from marktbund.kafka_access import KafkaAccess


async def read_log(kafka: KafkaAccess, prefix: str) -> list[ConsumerRecord]:
    """Every record of every events topic, from the first to the present end."""
    # Not seek_to_beginning: the reset to the end, under way since the assignment, may overtake it.
    consumer = AIOKafkaConsumer(
        **kafka.aiokafka(), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = [
            TopicPartition(prefix + topic.name, number)
            for topic in TOPICS.values()
            if topic.kind == "events"
            for number in range(12)
        ]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[ConsumerRecord] = []
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found.extend(records)
    finally:
        await consumer.stop()
    return found


async def end_offsets(kafka: KafkaAccess, names: list[str]) -> dict[str, int]:
    """Records per topic, as the broker counts them (no compaction has run yet)."""
    consumer = AIOKafkaConsumer(**kafka.aiokafka(), enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(name, number) for name in names for number in range(12)]
        ends = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    sums: dict[str, int] = defaultdict(int)
    for partition, end in ends.items():
        sums[partition.topic] += end
    return dict(sums)


@dataclass
class Duplicator:
    """Produces a share of the records a second time, later and out of the relay's hands."""

    kafka: KafkaAccess
    prefix: str
    share: float
    rng: random.Random
    produced: int = 0
    _seen: set[bytes] = field(default_factory=set)

    async def run(self) -> None:
        """Duplicate what comes by; a broker that is down is waited for. To be cancelled."""
        while True:
            try:
                await self._session()
            except (KafkaError, OSError):
                await asyncio.sleep(1)

    async def _session(self) -> None:
        names = [self.prefix + topic.name for topic in TOPICS.values() if topic.kind == "events"]
        consumer = AIOKafkaConsumer(*names, **self.kafka.aiokafka())
        producer = AIOKafkaProducer(**self.kafka.aiokafka(), acks="all")
        try:
            await consumer.start()
            await producer.start()
            while True:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        await self._maybe(producer, record)
        finally:
            await consumer.stop()
            await producer.stop()

    async def _maybe(self, producer: AIOKafkaProducer, record: ConsumerRecord) -> None:
        event_id = dict(record.headers)["ce_id"]
        if event_id in self._seen:
            return
        self._seen.add(event_id)
        if self.rng.random() < self.share:
            await producer.send_and_wait(
                record.topic, record.value, key=record.key, headers=list(record.headers)
            )
            self.produced += 1
