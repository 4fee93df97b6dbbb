"""Stretches of the log read outside any group, by topic without prefix; a client per question."""

from collections.abc import Iterable, Mapping

from aiokafka import TopicPartition

from marktbund.ahead.finding import read_all
from marktbund.ahead.stretches import ends_of, log_reader, merged
from marktbund.contracts.base import Topic
from marktbund.envelope import Received
from marktbund.kafka_access import KafkaAccess
from marktbund.published import LogPartition


class Log:
    """The log as a deployment with this prefix sees it. Raises what aiokafka raises."""

    def __init__(self, kafka: KafkaAccess, client_id: str, prefix: str) -> None:
        self._kafka = kafka
        self._client_id = client_id
        self._prefix = prefix

    async def ends(self, topics: Iterable[Topic]) -> dict[LogPartition, int]:
        """Where the partitions of topics end now."""
        async with log_reader(self._kafka, self._client_id) as consumer:
            ends = await ends_of(consumer, (self._prefix + topic.name for topic in topics))
        return {
            (tp.topic.removeprefix(self._prefix), tp.partition): end for tp, end in ends.items()
        }

    async def read(self, stretches: Mapping[LogPartition, tuple[int, int]]) -> list[Received]:
        """The records of stretches, end excluded; what is no event is left out."""
        named = {
            TopicPartition(self._prefix + topic, partition): span
            for (topic, partition), span in stretches.items()
        }
        records: list[Received] = []
        async with log_reader(self._kafka, self._client_id) as consumer:
            async for page in merged(consumer, named):
                records += read_all(page, self._prefix)
        return records
