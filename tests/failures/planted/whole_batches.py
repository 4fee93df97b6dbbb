"""A relay that sends as FastStream's publish_batch does: a batch, one partition, whatever the keys.

Not with that function itself, which has one set of headers for all records of a batch.
"""

from collections.abc import Sequence
from itertools import groupby

from aiokafka.structs import RecordMetadata

from marktbund import workers
from marktbund.relay import Relay
from marktbund.telemetry import tracing
from tests.failures.planted.building import build

Record = tuple[str, str, bytes, dict[str, str]]


class WholeBatches(Relay):
    """The partition is drawn anew for every batch."""

    async def _send_traced(
        self, records: Sequence[Record], steps: tracing.Steps
    ) -> tuple[list[RecordMetadata], BaseException | None]:
        sent = []
        for topic, group in groupby(sorted(records, key=lambda record: record[0]), lambda r: r[0]):
            sent += await self._publish_batch(self._prefix + topic, list(group))
        return sent, None

    async def _publish_batch(self, topic: str, records: Sequence[Record]) -> list[RecordMetadata]:
        producer = await self._started_producer()
        batch = producer.create_batch()
        for _, key, value, headers in records:
            encoded = [(name, text.encode()) for name, text in headers.items()]
            added = batch.append(key=key.encode(), value=value, timestamp=None, headers=encoded)
            assert added is not None, "the batch is full"
        return [await (await producer.send_batch(batch, topic, partition=None))] * len(records)


if __name__ == "__main__":
    build(workers, "Relay", WholeBatches)
