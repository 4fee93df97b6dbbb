"""How far behind a consumer is: in records by the broker's end offsets, in time by record age."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from marktbund import clock
from marktbund.telemetry.scraping import Lag

_SECONDS = 2.0


class Behind:
    """Notes what is in hand, and measures when asked: between scrapes it costs nothing."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._in_hand: dict[str, float] = {}
        self._standing: dict[str, tuple[int, float]] = {}

    @contextmanager
    def holding(self, records: Sequence[ConsumerRecord]) -> Iterator[None]:
        """While the block lasts these records are being worked on."""
        for record in records:
            age = min(record.timestamp / 1000, self._in_hand.get(record.topic, float("inf")))
            self._in_hand[record.topic] = age
        try:
            yield
        finally:
            self._in_hand.clear()

    async def measured(
        self, consumer: AIOKafkaConsumer, next_offsets: Mapping[TopicPartition, int]
    ) -> dict[str, Lag]:
        """Topic without prefix -> its lag, over the partitions with a known next offset."""
        ends = await _ends(consumer, list(next_offsets))
        records: dict[str, int] = defaultdict(int)
        positions: dict[str, int] = defaultdict(int)
        for tp, position in next_offsets.items():
            records[tp.topic] += max(0, ends.get(tp, position) - position)
            positions[tp.topic] += position
        return {
            topic.removeprefix(self._prefix): Lag(count, self._age(topic, count, positions[topic]))
            for topic, count in records.items()
        }

    def _age(self, topic: str, waiting: int, position: int) -> float:
        now = clock.now().timestamp()
        if waiting == 0:
            self._standing.pop(topic, None)
            return 0.0
        before, since = self._standing.get(topic, (position, now))
        if before != position:
            since = now
        self._standing[topic] = (position, since)
        return max(0.0, now - min(since, self._in_hand.get(topic, now)))


async def _ends(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
) -> dict[TopicPartition, int]:
    """The broker's answer, or without it what the last fetch said."""
    if not partitions:
        return {}
    try:
        async with asyncio.timeout(_SECONDS):
            found: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
            return found
    except (KafkaError, OSError, TimeoutError):
        known = {tp: consumer.highwater(tp) for tp in partitions if tp in consumer.assignment()}
        return {tp: end for tp, end in known.items() if end is not None}
