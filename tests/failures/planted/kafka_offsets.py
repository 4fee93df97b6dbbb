"""A consumer that goes on where Kafka says, whatever its database holds."""

from collections.abc import Mapping

from aiokafka import TopicPartition
from sqlalchemy.ext.asyncio import AsyncConnection

from marktbund import workers
from marktbund.consuming import Consumer, offsets
from tests.failures.planted.building import build


class KafkaOffsets(Consumer):
    """Never seeks: the group's committed offsets are all it knows."""

    def _seek(self, stored: Mapping[TopicPartition, int]) -> None:
        return


async def unlocked(
    connection: AsyncConnection, consumer: str, expected: Mapping[TopicPartition, int | None]
) -> None:
    """Stored offsets count records, and hold nobody up."""


if __name__ == "__main__":
    offsets.lock = unlocked
    build(workers, "Consumer", KafkaOffsets)
