"""The end of one own topic, read in no group: what stands there last, asked again and again."""

import asyncio
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, TopicPartition

from marktbund.ahead.finding import read_all
from marktbund.ahead.stretches import ends_of, merged
from marktbund.contracts.base import Topic
from marktbund.envelope import Received
from marktbund.kafka_access import KafkaAccess

LAST = 50
"""Records of each partition that the first reading goes back."""
PATIENCE = 5.0
"""Seconds for one reading, the connection included."""


class LogAwayError(Exception):
    """Kafka did not answer in time, or not at all; what stands in the topic is not known."""


class Tail:
    """Keeps its client and its place between readings; a client that failed is made anew."""

    def __init__(
        self,
        kafka: KafkaAccess,
        client_id: str,
        prefix: str,
        topic: Topic,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._kafka = kafka
        self._client_id = client_id
        self._prefix = prefix
        self._topic = topic
        self._patience = patience
        self._consumer: AIOKafkaConsumer | None = None
        self._reached: dict[TopicPartition, int] = {}

    async def read(self) -> list[Received]:
        """What came since the last reading; the first time the last records of every partition.

        What cannot be read as an event is left out. Raises LogAwayError.
        """
        try:
            async with asyncio.timeout(self._patience):
                return await self._read()
        except Exception as error:
            await self.close()
            raise LogAwayError(type(error).__name__) from error

    async def close(self) -> None:
        """Let the client go; the next reading makes another one and goes on where this ended."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            # Stopping raises whatever ended one of its tasks, of any type.
            with suppress(Exception):
                await asyncio.wait_for(consumer.stop(), self._patience)

    async def _read(self) -> list[Received]:
        consumer = await self._started()
        ends = await ends_of(consumer, [self._prefix + self._topic.name])
        # A log made anew ends before the place kept: its tail is read as for the first time.
        stretches = {
            tp: (self._begin(tp, end), end)
            for tp, end in ends.items()
            if end != self._reached_end(tp)
        }
        records: list[Received] = []
        async for page in merged(consumer, stretches):
            records += read_all(page, self._prefix)
        self._reached = ends
        return records

    def _reached_end(self, partition: TopicPartition) -> int:
        return self._reached.get(partition, 0)

    def _begin(self, partition: TopicPartition, end: int) -> int:
        reached = self._reached.get(partition)
        return max(0, end - LAST) if reached is None or reached > end else reached

    async def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                **self._kafka.aiokafka(),
                client_id=self._client_id,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
            )
            self._consumer = consumer
            await consumer.start()
            # Its tasks must have begun: stopping would raise the cancellation of one that has not.
            await asyncio.sleep(0)
        return self._consumer
