"""How far behind a consumer is: in records by the log's end, in time by the age of a record."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from marktbund import clock
from marktbund.telemetry.scraping import Lag

_SECONDS = 2.0


class Behind:
    """Notes what is in hand, and measures when asked: between scrapes it costs nothing.

    now: the wall clock, which says how old a record from another machine is.
    """

    def __init__(self, prefix: str, *, now: Callable[[], datetime] = clock.now) -> None:
        self._prefix = prefix
        self._now = now
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
    ) -> Mapping[str, Lag]:
        """Topic without prefix -> its lag, over the partitions with a known next offset."""
        # With nothing in hand a fetch is always under way: its answer is fresh, and a question on
        # the same connection would wait behind it. With a full buffer nobody fetches.
        held = consumer.assignment() & next_offsets.keys()
        ends = await _asked(consumer, held) if self._in_hand else _fetched(consumer, held)
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
        now = time.monotonic()
        if waiting == 0:
            self._standing.pop(topic, None)
            return 0.0
        before, since = self._standing.get(topic, (position, now))
        if before != position:
            since = now
        self._standing[topic] = (position, since)
        oldest = self._in_hand.get(topic)
        in_hand = 0.0 if oldest is None else self._now().timestamp() - oldest
        return max(now - since, in_hand)


def _fetched(
    consumer: AIOKafkaConsumer, held: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    known = {tp: consumer.highwater(tp) for tp in held}
    return {tp: end for tp, end in known.items() if end is not None}


async def _asked(
    consumer: AIOKafkaConsumer, held: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    try:
        async with asyncio.timeout(_SECONDS):
            ends: dict[TopicPartition, int] = await consumer.end_offsets(list(held))
            return ends
    except (KafkaError, OSError, TimeoutError):
        return _fetched(consumer, held)
